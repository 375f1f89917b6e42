import type { DynamicOptionsLoadingProps } from "next/dynamic";
import { useEffect } from "react";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { texts } from "@/lib/texts";

const TRY_AGAIN_MS = 5_000;

/** A part that a bad line stopped sets out again by itself. */
export function useTryAgain(
  error: DynamicOptionsLoadingProps["error"],
  retry: DynamicOptionsLoadingProps["retry"],
) {
  useEffect(() => {
    if (!error) return;
    const timer = setTimeout(() => retry?.(), TRY_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [error, retry]);
}

/** In the place of a part of the page that is on its way. */
export function PartWaiting({ error, retry }: DynamicOptionsLoadingProps) {
  useTryAgain(error, retry);
  return error ? <Failure error={new Error(texts.errors.network)} onRetry={retry} /> : <Waiting />;
}
