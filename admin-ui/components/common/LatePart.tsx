import type { DynamicOptionsLoadingProps } from "next/dynamic";

import classes from "@/components/common/Notice.module.css";
import { useTryAgain } from "@/hooks/useTryAgain";
import { texts } from "@/lib/texts";

/** In the place of a dialog whose script did not come: without a word, its button would seem to do nothing. */
export function LatePart({ error, retry }: DynamicOptionsLoadingProps) {
  useTryAgain(error, retry);
  return error ? (
    <p className={classes.late} role="alert">
      {texts.errors.part}
    </p>
  ) : null;
}
