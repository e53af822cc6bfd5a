import { Fragment, type ReactNode } from "react";
import type { Block } from "../types";
import { ActionsBlock } from "./ActionsBlock";
import { ContextBlock } from "./ContextBlock";
import { InputBlock } from "./InputBlock";
import { plainText } from "./Mrkdwn";
import { SectionBlock } from "./SectionBlock";
import { StaticBlocks } from "./StaticBlocks";

/** Block Kit. What holds mrkdwn or can be used is drawn here; tables, rich text, images and the rest by slack-blocks-to-jsx. */
export function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <Fragment key={block.block_id ?? index}>{drawn(block)}</Fragment>
      ))}
    </div>
  );
}

function drawn(block: Block): ReactNode {
  switch (block.type) {
    case "header":
      return <h3 className="header">{plainText(block.text?.text ?? "")}</h3>;
    case "section":
      return <SectionBlock block={block} />;
    case "context":
      return <ContextBlock block={block} />;
    case "divider":
      return <hr />;
    case "actions":
      return <ActionsBlock block={block} />;
    case "input":
      return <InputBlock block={block} />;
    default:
      return <StaticBlocks block={block} />;
  }
}
