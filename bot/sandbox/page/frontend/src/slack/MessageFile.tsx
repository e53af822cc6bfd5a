import type { SharedFile } from "../types";

/** A file of a message: an image is shown, with what it says in words for those who cannot see it; others are links. */
export function MessageFile({ file }: { file: SharedFile }) {
  const href = here(file.url_private ?? file.permalink);
  const name = file.title ?? file.name ?? file.id;
  const image = href && /^image\/(png|jpeg|gif)$/.test(file.mimetype ?? "");
  return (
    <a
      className={image ? "file-image" : "file"}
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      data-testid="file"
    >
      {image ? (
        <img src={href} alt={file.alt_txt || name} title={name} />
      ) : (
        <>
          <span aria-hidden="true">↓ </span>
          {name}
        </>
      )}
    </a>
  );
}

/** The sandbox's own files by the name that this page was opened with: 127.0.0.1 and localhost are two origins. */
function here(url: string | undefined): string | undefined {
  if (!url || !URL.canParse(url)) return undefined;
  const { pathname, hostname, port } = new URL(url);
  const own = ["127.0.0.1", "localhost", "[::1]"].includes(hostname) && port === location.port;
  return own ? pathname : url;
}
