import type { DynamicOptionsLoadingProps } from "next/dynamic";
import { useEffect } from "react";

import { api } from "@/lib/api-client";

const TRY_AGAIN_MS = 5_000;

/** A part that a bad line stopped sets out again by itself; for one that went with an older desk the page comes anew. */
export function useTryAgain(
  error: DynamicOptionsLoadingProps["error"],
  retry: DynamicOptionsLoadingProps["retry"],
) {
  useEffect(() => {
    if (!error) return;
    api.isNewer().then(
      (isNewer) => isNewer && window.location.reload(),
      () => undefined,
    );
    const timer = setTimeout(() => retry?.(), TRY_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [error, retry]);
}
