import { useMemo } from "react";
import { parseDiff, type FileDiff, type Line } from "./parseDiff";

const SIGNS: Record<Line["kind"], string> = { add: "+", del: "−", same: " ", hunk: " ", note: " " };
const WORDS: Partial<Record<Line["kind"], string>> = { add: "added", del: "removed" };

export function Diff({ text }: { text: string }) {
  const files = useMemo(() => parseDiff(text), [text]);
  return (
    <section aria-label="Files changed" data-testid="diff" id="files">
      <h3>
        Files changed <span className="count">{files.length}</span>
      </h3>
      {files.map((file) => (
        <FileTable key={file.path} file={file} />
      ))}
      {files.length === 0 && <p className="muted">No file differs from the base.</p>}
    </section>
  );
}

function FileTable({ file }: { file: FileDiff }) {
  return (
    <details className="diff" open data-testid="diff-file" data-path={file.path}>
      <summary>
        <code>{file.path}</code>
        <span className="diff-count">
          <span className="good-text">+{file.added}</span> <span className="bad-text">−{file.removed}</span>
        </span>
      </summary>
      <div className="diff-scroll" tabIndex={0} role="region" aria-label={`Changes of ${file.path}`}>
        <table>
          <tbody>
            {file.lines.map((line, index) => (
              <Row key={index} line={line} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function Row({ line }: { line: Line }) {
  return (
    <tr className={`diff-${line.kind}`}>
      <td className="number">{line.old}</td>
      <td className="number">{line.new}</td>
      <td className="sign" aria-label={WORDS[line.kind]}>
        {SIGNS[line.kind]}
      </td>
      <td className="code">{marked(line)}</td>
    </tr>
  );
}

function marked({ text, mark }: Line) {
  if (!mark || mark[0] >= mark[1]) return text;
  return (
    <>
      {text.slice(0, mark[0])}
      <mark>{text.slice(...mark)}</mark>
      {text.slice(mark[1])}
    </>
  );
}
