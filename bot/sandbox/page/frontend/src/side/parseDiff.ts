export interface Line {
  kind: "add" | "del" | "same" | "hunk" | "note";
  text: string;
  old: number | null;
  new: number | null;
  /** Where the line differs from its counterpart: [start, end) in `text`. */
  mark?: [number, number];
}

export interface FileDiff {
  path: string;
  added: number;
  removed: number;
  lines: Line[];
}

/** Reads a unified diff as Git prints it. */
export function parseDiff(text: string): FileDiff[] {
  const chunks = text.split(/^(?=diff --git )/m).filter((chunk) => chunk.startsWith("diff --git "));
  return chunks.map(parseFile);
}

function parseFile(chunk: string): FileDiff {
  const rows = chunk.replace(/\n$/, "").split("\n");
  const start = rows.findIndex((row) => row.startsWith("@@") || row.startsWith("Binary"));
  const head = start < 0 ? rows : rows.slice(0, start);
  const lines = start < 0 ? [] : numbered(rows.slice(start));
  markChanges(lines);
  const count = (kind: Line["kind"]) => lines.filter((line) => line.kind === kind).length;
  return { path: pathOf(head), added: count("add"), removed: count("del"), lines };
}

function pathOf(head: string[]): string {
  const named = ["+++ b/", "--- a/", "rename to "].map((start) =>
    head.find((row) => row.startsWith(start))?.slice(start.length),
  );
  return named.find(Boolean) ?? head[0]?.split(" b/").at(-1) ?? "";
}

function numbered(rows: string[]): Line[] {
  let before = 0;
  let after = 0;
  return rows.map((row): Line => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(row);
    if (hunk) {
      [before, after] = [Number(hunk[1]), Number(hunk[2])];
      return { kind: "hunk", text: row, old: null, new: null };
    }
    const text = row.slice(1);
    if (row.startsWith("+")) return { kind: "add", text, old: null, new: after++ };
    if (row.startsWith("-")) return { kind: "del", text, old: before++, new: null };
    if (row.startsWith(" ")) return { kind: "same", text, old: before++, new: after++ };
    return { kind: "note", text: row, old: null, new: null };
  });
}

/** Marks what differs where exactly one line replaces one other. */
function markChanges(lines: Line[]): void {
  lines.forEach((gone, index) => {
    const come = lines[index + 1];
    const alone = lines[index - 1]?.kind !== "del" && lines[index + 2]?.kind !== "add";
    if (gone.kind !== "del" || come?.kind !== "add" || !alone) return;
    const limit = Math.min(gone.text.length, come.text.length);
    let head = 0;
    while (head < limit && gone.text[head] === come.text[head]) head += 1;
    let tail = 0;
    while (tail < limit - head && gone.text.at(-1 - tail) === come.text.at(-1 - tail)) tail += 1;
    gone.mark = [head, gone.text.length - tail];
    come.mark = [head, come.text.length - tail];
  });
}
