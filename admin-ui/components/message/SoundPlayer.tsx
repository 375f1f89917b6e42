import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/message/Media.module.css";
import { clipLength, readableSize } from "@/lib/amounts";
import { messageTexts } from "@/lib/message-texts";
import type { Media } from "@/lib/models";

/** A voice note or another sound, loaded when somebody wants to hear it. */
export function SoundPlayer({ media, url, what }: { media: Media; url: string; what: string }) {
  const [isWanted, setIsWanted] = useState(false);
  if (isWanted) {
    // eslint-disable-next-line jsx-a11y/media-has-caption -- what was spoken into a phone has no captions
    return <audio className={classes.audio} src={url} controls autoPlay />;
  }
  const length = media.duration_ms ? clipLength(media.duration_ms) : media.size && readableSize(media.size);
  return (
    <button
      type="button"
      className={classes.sound}
      aria-label={`${messageTexts.play(what)}${length ? `, ${length}` : ""}`}
      onClick={() => setIsWanted(true)}
    >
      <span className={classes.disc}>
        <Icon name="play" />
      </span>
      <span>{what}</span>
      <span className={classes.length}>{length}</span>
    </button>
  );
}
