import { Button } from "@mantine/core";

import { Icon } from "@/components/common/Icon";
import media from "@/components/message/Media.module.css";
import { OutgoingContent } from "@/components/thread/OutgoingContent";
import classes from "@/components/thread/Bubble.module.css";
import { Ticks } from "@/components/thread/Ticks";
import { composerTexts } from "@/lib/composer-texts";
import { clockTime } from "@/lib/relative-time";
import { texts } from "@/lib/texts";
import type { OutgoingMessage } from "@/lib/thread";
import { isTextAlone } from "@/lib/thread";

interface OutgoingBubbleProps {
  outgoing: OutgoingMessage;
  /** It will be there after a reload. */
  isKept: boolean;
  onTryAgain: (message: OutgoingMessage) => void;
  onDiscard: (message: OutgoingMessage) => void;
  onSendAnyway: () => void;
  /** Back into the composer, to be written anew. */
  onEdit: (message: OutgoingMessage) => void;
}

/** An answer that the desk does not have yet: drawn at once, kept with all it holds until it is taken. */
export function OutgoingBubble(props: OutgoingBubbleProps) {
  const { outgoing, onTryAgain, onDiscard } = props;
  const { error, uploaded, isWaiting } = outgoing;
  const waits = props.isKept ? composerTexts.waits : composerTexts.waitsUnkept;
  const isUploading = error === null && !isWaiting && uploaded !== null;
  return (
    <li className={classes.row} data-from="admin" data-note={outgoing.isNote} data-continues>
      <div className={classes.bubble}>
        <OutgoingContent outgoing={outgoing} />
        {isUploading && (
          <div className={media.upload}>
            <progress value={uploaded} aria-label={composerTexts.uploading(Math.round(uploaded * 100))} />
            <Button
              size="xs"
              h={44}
              variant="subtle"
              leftSection={<Icon name="cross" size={14} />}
              onClick={() => onDiscard(outgoing)}
            >
              {composerTexts.cancelUpload}
            </Button>
          </div>
        )}
        <p className={classes.foot}>
          <time dateTime={outgoing.written_at}>{clockTime(outgoing.written_at)}</time>
          <Ticks state={error === null ? "queued" : "failed"} />
        </p>
        {(error !== null || isWaiting) && (
          <div className={classes.retry} role={isWaiting ? "status" : "alert"}>
            <p className={classes.problem} data-state={isWaiting ? "unknown" : "failed"}>
              {error === null ? waits : error || composerTexts.fileGone}
            </p>
            <div className={classes.choice}>
              {outgoing.hasMoved ? (
                <Button size="sm" h={44} variant="default" onClick={props.onSendAnyway}>
                  {composerTexts.sendAnyway}
                </Button>
              ) : (
                <Button size="sm" h={44} variant="default" onClick={() => onTryAgain(outgoing)}>
                  {texts.retry}
                </Button>
              )}
              {isTextAlone(outgoing) && (
                <Button size="sm" h={44} variant="default" onClick={() => props.onEdit(outgoing)}>
                  {composerTexts.editAnswer}
                </Button>
              )}
              <Button size="sm" h={44} variant="subtle" onClick={() => onDiscard(outgoing)}>
                {composerTexts.discard}
              </Button>
            </div>
          </div>
        )}
      </div>
    </li>
  );
}
