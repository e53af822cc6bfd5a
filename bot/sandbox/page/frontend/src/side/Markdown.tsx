import ReactMarkdown from "react-markdown";
import remarkBreaks from "remark-breaks";
import remarkGfm from "remark-gfm";
import { safeHref } from "../lib/links";

const PLUGINS = [remarkGfm, remarkBreaks];

/** GitHub's Markdown. Raw HTML is left out, comments included; links other than http, https and mailto lose their target. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      <ReactMarkdown
        skipHtml
        remarkPlugins={PLUGINS}
        urlTransform={(url) => safeHref(url) ?? ""}
        components={{
          a: ({ href, children }) => (
            <a href={href} className="link" target="_blank" rel="noopener noreferrer">
              {children}
            </a>
          ),
        }}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
}
