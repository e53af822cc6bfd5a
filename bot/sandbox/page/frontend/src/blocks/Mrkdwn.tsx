import { get } from "node-emoji";
import { Fragment } from "react";
import { parse, unescape, type Inline, type Part } from "../lib/mrkdwn";
import type { TextObject } from "../types";
import { Reference } from "./Reference";

/** A text object: mrkdwn, or plain text with emoji. */
export function Text({ text }: { text: TextObject }) {
  if (text.type === "mrkdwn")
    return (
      <>
        {parse(text.text).map((part, index) => (
          <PartView key={index} part={part} />
        ))}
      </>
    );
  return <span className="lines">{plainText(text.text)}</span>;
}

export const plainText = (text: string): string =>
  unescape(text).replace(/:([a-z0-9_+'-]+):/g, (whole, name: string) => get(name) ?? whole);

function PartView({ part }: { part: Part }) {
  if (part.kind === "pre") return <pre>{part.text}</pre>;
  const inner = <Inlines nodes={part.children} />;
  return part.kind === "quote" ? <blockquote>{inner}</blockquote> : <p className="lines">{inner}</p>;
}

export function Inlines({ nodes }: { nodes: Inline[] }) {
  return nodes.map((node, index) => <Fragment key={index}>{drawn(node)}</Fragment>);
}

function drawn(node: Inline) {
  switch (node.kind) {
    case "text":
      return node.text;
    case "code":
      return <code>{node.text}</code>;
    case "emoji":
      return get(node.name) ?? `:${node.name}:`;
    case "url":
      return <Reference body={node.url} />;
    case "ref":
      return <Reference body={node.body} />;
    case "style": {
      const Tag = node.style;
      return (
        <Tag>
          <Inlines nodes={node.children} />
        </Tag>
      );
    }
  }
}
