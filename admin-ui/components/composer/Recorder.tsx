import { ActionIcon, Button } from "@mantine/core";
import { useEffect, useRef } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/composer/Composer.module.css";
import { useNow } from "@/hooks/useNow";
import type { useRecorder } from "@/hooks/useRecorder";
import { clipLength } from "@/lib/amounts";
import { composerTexts } from "@/lib/composer-texts";

interface RecorderProps {
  recorder: ReturnType<typeof useRecorder>;
  /** Not while its speaker writes something else: the next Enter would send what they say. */
  takesFocus: boolean;
}

/** While a voice note is spoken: in the place of the text, and beside a note. */
export function Recorder({ recorder, takesFocus }: RecorderProps) {
  const now = useNow(500);
  const isCut = recorder.state === "cut";
  const send = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takesFocus) send.current?.focus();
    // Only as it comes: coming back from a note leaves the focus where it is.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <div className={classes.line} role="group" aria-label={composerTexts.record}>
      <ActionIcon
        variant="subtle"
        color="red"
        size={44}
        aria-label={composerTexts.cancelRecording}
        onClick={recorder.cancel}
      >
        <Icon name="cross" />
      </ActionIcon>
      <p className={classes.recording}>
        <span role="status">{isCut ? composerTexts.recordingCut : composerTexts.recording}</span>
        {!isCut && <span role="timer">{clipLength(Math.max(0, now - recorder.startedAt))}</span>}
      </p>
      <Button
        ref={send}
        h={44}
        px="md"
        aria-label={composerTexts.sendRecording}
        leftSection={<Icon name="send" />}
        onClick={recorder.finish}
      >
        {composerTexts.send}
      </Button>
    </div>
  );
}
