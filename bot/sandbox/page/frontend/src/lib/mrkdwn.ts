// Slack's mrkdwn as a tree: https://docs.slack.dev/messaging/formatting-message-text
// slack-blocks-to-jsx reads text as Markdown, and undoes &lt; before it looks for mentions; so text is read here.

export type Style = "strong" | "em" | "s";

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "emoji"; name: string }
  | { kind: "ref"; body: string }
  | { kind: "url"; url: string }
  | { kind: "style"; style: Style; children: Inline[] };

export type Part = { kind: "pre"; text: string } | { kind: "quote" | "lines"; children: Inline[] };

const ENTITIES: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const STYLES: Record<string, Style> = { "*": "strong", _: "em", "~": "s" };

const styled = (mark: string) =>
  `(?<![\\p{L}\\p{N}${mark}])[${mark}](?=[^\\s${mark}])([^\\n${mark}]*[^\\s${mark}])[${mark}](?![\\p{L}\\p{N}${mark}])`;

const INLINE = new RegExp(
  [
    "<([^<>\\n]+)>",
    "`([^`\\n]+)`",
    ...Object.keys(STYLES).map(styled),
    ":([a-z0-9_+'-]+):",
    "(https?://[^\\s<>|]*[^\\s<>|.,;:!?)\\]'\"*_~`])",
  ].join("|"),
  "gu",
);

/** Slack's three escapes, undone in one pass. */
export const unescape = (text: string): string =>
  text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);

export function parse(text: string): Part[] {
  return text.split(/```([\s\S]+?)```\n?/).flatMap((piece, index): Part[] => {
    if (index % 2 === 1) return [{ kind: "pre", text: unescape(piece.replace(/^\n/, "")) }];
    return piece === "" ? [] : paragraphs(piece.replace(/\n$/, ""));
  });
}

/** Lines that are quoted, and lines that are not, each run as one part. */
function paragraphs(text: string): Part[] {
  const runs: { quoted: boolean; lines: string[] }[] = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:>|&gt;)/.test(line);
    const bare = quoted ? line.replace(/^(?:>|&gt;) ?/, "") : line;
    const last = runs.at(-1);
    if (last?.quoted === quoted) last.lines.push(bare);
    else runs.push({ quoted, lines: [bare] });
  }
  return runs.map(({ quoted, lines }) => ({ kind: quoted ? "quote" : "lines", children: inline(lines.join("\n")) }));
}

export function inline(text: string): Inline[] {
  const found: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) found.push(plain(text.slice(end, match.index)));
    found.push(node(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push(plain(text.slice(end)));
  return found;
}

const plain = (text: string): Inline => ({ kind: "text", text: unescape(text) });

function node([whole, ref, code, bold, italic, strike, emoji, url]: RegExpMatchArray): Inline {
  if (ref !== undefined) return { kind: "ref", body: ref };
  if (code !== undefined) return { kind: "code", text: unescape(code) };
  if (emoji !== undefined) return { kind: "emoji", name: emoji };
  if (url !== undefined) return { kind: "url", url: unescape(url) };
  const style = STYLES[whole.charAt(0)] ?? "strong";
  return { kind: "style", style, children: inline(bold ?? italic ?? strike ?? "") };
}
