import { useEffect } from "react";

/**
 * Fetches parts of the page once it is drawn: they are not in its first load, and yet there when they are asked for,
 * though the line be cut meanwhile. One that could not be fetched is tried again once it is wanted.
 */
export function useFetchAhead(parts: readonly (() => Promise<unknown>)[]): void {
  useEffect(() => {
    for (const load of parts) load().catch(() => undefined);
  }, [parts]);
}
