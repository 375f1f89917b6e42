import { Loader } from "@mantine/core";

import classes from "@/components/common/Notice.module.css";
import { texts } from "@/lib/texts";

export function Waiting() {
  return (
    <div className={classes.centre} role="status">
      <Loader size="sm" type="dots" aria-hidden />
      <span className="visually-hidden">{texts.loading}</span>
    </div>
  );
}
