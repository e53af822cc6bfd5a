const day = (date: Date, options: Intl.DateTimeFormatOptions) => date.toLocaleDateString(undefined, options);
const time = (date: Date, options: Intl.DateTimeFormatOptions) => date.toLocaleTimeString(undefined, options);

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
const SHORT = { day: "numeric", month: "short", year: "numeric" } as const;
const PLAIN = { day: "numeric", month: "long", year: "numeric" } as const;

const TOKENS: Record<string, (date: Date) => string> = {
  date_num: (date) => date.toISOString().slice(0, 10),
  date_slash: (date) => day(date, { day: "2-digit", month: "2-digit", year: "numeric" }),
  date: (date) => day(date, PLAIN),
  date_short: (date) => day(date, SHORT),
  date_long: (date) => day(date, LONG),
  date_pretty: (date) => pretty(date) ?? day(date, PLAIN),
  date_short_pretty: (date) => pretty(date) ?? day(date, SHORT),
  date_long_pretty: (date) => pretty(date) ?? day(date, LONG),
  time: (date) => time(date, { hour: "numeric", minute: "2-digit" }),
  time_secs: (date) => time(date, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  day_divider_pretty: (date) => pretty(date) ?? day(date, LONG),
};

function pretty(date: Date): string | null {
  const days = Math.round((midnight(date) - midnight(new Date())) / 86_400_000);
  return { "-1": "yesterday", "0": "today", "1": "tomorrow" }[String(days)] ?? null;
}

const midnight = (date: Date): number => new Date(date).setHours(0, 0, 0, 0);

/** Slack's date format (https://docs.slack.dev/messaging/formatting-message-text/#date-formatting) in the reader's zone. */
export function slackDate(date: Date, format: string): string {
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => TOKENS[token]?.(date) ?? whole);
}
