import type { Block } from "../types";

interface Cell {
  type: string;
  text?: string;
}

/** A table's raw text as rich text, which slack-blocks-to-jsx leaves alone: in raw text it would look for mentions. */
export function literal(block: Block & { rows?: Cell[][] }): Block {
  if (!block.rows) return block;
  return { ...block, rows: block.rows.map((row) => row.map(cell)) } as Block;
}

function cell(one: Cell) {
  if (one.type !== "raw_text") return one;
  const text = { type: "text", text: one.text || " " };
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [text] }] };
}
