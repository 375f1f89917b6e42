import { Button } from "@mantine/core";

import classes from "@/components/message/Media.module.css";
import { useFetchAgain } from "@/hooks/useMessageActions";
import { messageTexts } from "@/lib/message-texts";
import type { Media, Message } from "@/lib/models";

/** A file that WhatsApp did not hand over, why, and the way to ask for it again. */
export function MediaProblem({ message, media }: { message: Message; media: Media }) {
  const fetchAgain = useFetchAgain(message);
  return (
    <div className={classes.problem}>
      <p>{messageTexts.fetchFailed(messageTexts.kinds[message.kind])}</p>
      <p className={classes.reason} role={fetchAgain.error ? "alert" : undefined}>
        {fetchAgain.error?.message ?? media.error}
      </p>
      <Button
        size="sm"
        h={44}
        variant="default"
        loading={fetchAgain.isPending}
        onClick={() => fetchAgain.mutate(media.id)}
      >
        {messageTexts.fetchAgain}
      </Button>
    </div>
  );
}
