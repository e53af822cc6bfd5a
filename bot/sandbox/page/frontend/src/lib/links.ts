const PULL = /^\/([^/]+\/[^/]+)\/pull\/(\d+)(?:\/|$)/;

/** The number of the pull request of `repo` that this link shows, or null for any other link. */
export function pullNumber(href: string, repo: string): number | null {
  const url = parsed(href);
  const local = url !== null && ["127.0.0.1", "localhost", "[::1]", location.hostname].includes(url.hostname);
  const match = local ? PULL.exec(url.pathname) : null;
  return match && match[1]?.toLowerCase() === repo.toLowerCase() ? Number(match[2]) : null;
}

/** The link when it is safe to follow, else undefined: never javascript:, data: and the like. */
export function safeHref(href: string | undefined): string | undefined {
  const url = href === undefined ? null : parsed(href);
  return url && ["http:", "https:", "mailto:"].includes(url.protocol) ? href : undefined;
}

function parsed(href: string): URL | null {
  try {
    return new URL(href, location.href);
  } catch {
    return null;
  }
}
