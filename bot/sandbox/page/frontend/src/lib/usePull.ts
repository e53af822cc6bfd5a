import { useEffect, useState } from "react";
import type { PullPage } from "../types";
import { fetchPull } from "./api";

/** One pull request, read again whenever `version` grows; null while there is none. */
export function usePull(number: number | null, version: number): { page: PullPage | null; error: string | null } {
  const [page, setPage] = useState<PullPage | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (number === null) return undefined;
    let current = true;
    fetchPull(number).then(
      (found) => current && (setPage(found), setError(null)),
      (reason: Error) => current && (setPage(null), setError(reason.message)),
    );
    return () => {
      current = false;
    };
  }, [number, version]);
  return { page: page?.pull.number === number ? page : null, error };
}
