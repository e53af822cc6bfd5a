import { safeHref } from "../lib/links";
import { inline, unescape } from "../lib/mrkdwn";
import { useSession } from "../lib/session";
import { slackDate } from "../lib/slackDate";
import { fullTime, moment } from "../lib/time";
import { nameOf } from "../slack/author";
import { Inlines } from "./Mrkdwn";

/** What stands between < and >: a member, a channel, a group, a date or a link. Anything else is shown as typed. */
export function Reference({ body }: { body: string }) {
  const [target = "", ...rest] = body.split("|");
  const label = rest.join("|");
  if (target.startsWith("!date^")) return <DateReference target={target} fallback={label} />;
  if (/^[@#!]/.test(target)) return <Mention target={target} label={label} />;
  const href = /^(https?|mailto):/i.test(target) ? safeHref(unescape(target)) : undefined;
  if (!href) return <>&lt;{unescape(body)}&gt;</>;
  return (
    <a className="link" href={href} target="_blank" rel="noopener noreferrer">
      {label ? <Inlines nodes={inline(label)} /> : href.replace(/^mailto:/, "")}
    </a>
  );
}

function Mention({ target, label }: { target: string; label: string }) {
  const { users, state } = useSession();
  const id = target.slice(1).replace(/^subteam\^/, "");
  const known = {
    "@": nameOf(users.get(id)),
    "#": state.channels.find((channel) => channel.id === id)?.name,
    "!": target.startsWith("!subteam^") ? state.groups.find((group) => group.id === id)?.handle : id,
  }[target.charAt(0)];
  const mark = target.startsWith("#") ? "#" : "@";
  return (
    <span className="mention" data-mention={id}>
      {mark}
      {known ?? (unescape(label).replace(/^[@#]/, "") || id)}
    </span>
  );
}

function DateReference({ target, fallback }: { target: string; fallback: string }) {
  const [, seconds, format = "", link] = target.split("^");
  const date = moment(seconds);
  const said = date ? slackDate(date, unescape(format)) : unescape(fallback);
  const time = (
    <time dateTime={date?.toISOString()} title={date ? fullTime(date) : undefined}>
      {said}
    </time>
  );
  const href = safeHref(link && unescape(link));
  return href ? (
    <a className="link" href={href} target="_blank" rel="noopener noreferrer">
      {time}
    </a>
  ) : (
    time
  );
}
