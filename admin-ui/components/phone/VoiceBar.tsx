import { useEffect, useRef } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/phone/Composer.module.css";
import { useNow } from "@/hooks/useNow";
import type { useRecorder } from "@/hooks/useRecorder";
import { clipLength } from "@/lib/amounts";
import { phoneTexts as texts } from "@/lib/phone-texts";

/** In the place of the text while a voice message is spoken. */
export function VoiceBar({ recorder }: { recorder: ReturnType<typeof useRecorder> }) {
  const now = useNow(500);
  const send = useRef<HTMLButtonElement>(null);
  useEffect(() => send.current?.focus(), []);
  return (
    <div className={classes.row} role="group" aria-label={texts.record}>
      <button
        type="button"
        className={classes.icon}
        aria-label={texts.cancelRecording}
        onClick={recorder.cancel}
      >
        <Icon name="cross" size={20} />
      </button>
      <p className={classes.recording}>
        <span role="status">{texts.recording}</span>
        <span role="timer">{clipLength(Math.max(0, now - recorder.startedAt))}</span>
      </p>
      <button
        ref={send}
        type="button"
        className={classes.send}
        aria-label={texts.sendRecording}
        onClick={recorder.finish}
      >
        <Icon name="send" />
      </button>
    </div>
  );
}
