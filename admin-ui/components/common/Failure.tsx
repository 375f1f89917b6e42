import { Button } from "@mantine/core";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/common/Notice.module.css";
import { texts } from "@/lib/texts";

/** What went wrong, in words, and the way to have another go. */
export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  return (
    <div className={classes.centre} role="alert">
      <span className={classes.mark}>
        <Icon name="alert" size={28} />
      </span>
      <p className={classes.title}>{texts.errors.title}</p>
      <p className={classes.text}>{error.message}</p>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {texts.retry}
        </Button>
      )}
    </div>
  );
}
