import { Button } from "@mantine/core";

import classes from "@/components/phone/EmptyChat.module.css";
import { phoneTexts as texts } from "@/lib/phone-texts";

/** What to do first; the button does it. */
export function EmptyChat({ onSay }: { onSay: (text: string) => void }) {
  return (
    <div className={classes.empty}>
      <p className={classes.hint}>
        {texts.emptyBefore}
        <strong>“{texts.emptyWish}”</strong>
        {texts.emptyAfter}
      </p>
      <Button size="sm" onClick={() => onSay(texts.emptyWish)}>
        {texts.sayIt}
      </Button>
    </div>
  );
}
