import { useEffect, useSyncExternalStore } from "react";

import type { SearchState } from "@/lib/typed-search";
import { NO_SEARCH, typedSearch } from "@/lib/typed-search";

/** The words of the list's search; forgotten when the list goes. */
export function useTypedSearch(): [SearchState, (search: SearchState) => void] {
  const search = useSyncExternalStore(typedSearch.subscribe, typedSearch.current, () => NO_SEARCH);
  useEffect(() => () => typedSearch.set(NO_SEARCH), []);
  return [search, typedSearch.set];
}
