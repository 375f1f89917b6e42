import type { DynamicOptionsLoadingProps } from "next/dynamic";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { useTryAgain } from "@/hooks/useTryAgain";
import { texts } from "@/lib/texts";

/** In the place of a part of the page that is on its way. */
export function PartWaiting({ error, retry }: DynamicOptionsLoadingProps) {
  useTryAgain(error, retry);
  return error ? <Failure error={new Error(texts.errors.network)} onRetry={retry} /> : <Waiting />;
}
