import { useCallback } from "react";
import { pullNumber } from "../lib/links";

/** A click on a link to a pull request of the shown repository opens it here; other links are left alone. */
export function useLinks(repo: string, openPull: (number: number) => void) {
  return useCallback(
    (event: React.MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
      const number = link && !event.ctrlKey && !event.metaKey ? pullNumber(link.href, repo) : null;
      if (number === null) return;
      event.preventDefault();
      openPull(number);
    },
    [repo, openPull],
  );
}
