import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/message/Media.module.css";
import { useDevicePreference } from "@/hooks/useDevicePreference";
import { clipLength, readableSize } from "@/lib/amounts";
import { messageTexts } from "@/lib/message-texts";
import type { Media } from "@/lib/models";

/** A video, loaded when somebody wants to see it. */
export function VideoPlayer({ media, url }: { media: Media; url: string }) {
  const [savesData] = useDevicePreference("data-saver");
  const [isWanted, setIsWanted] = useState(false);
  if (isWanted) {
    // eslint-disable-next-line jsx-a11y/media-has-caption -- a customer's video comes without captions
    return <video className={classes.player} src={media.playable_url ?? url} controls autoPlay playsInline />;
  }
  const facts = [media.duration_ms && clipLength(media.duration_ms), media.size && readableSize(media.size)];
  return (
    <button type="button" className={classes.video} onClick={() => setIsWanted(true)}>
      <span className="visually-hidden">{messageTexts.play(messageTexts.kinds.video)}</span>
      {/* eslint-disable-next-line @next/next/no-img-element -- served as it is, small already */}
      {media.thumbnail_url && !savesData && <img src={media.thumbnail_url} alt="" loading="lazy" />}
      <span className={classes.disc}>
        <Icon name="play" />
      </span>
      <span className={classes.badge}>{facts.filter(Boolean).join(" · ")}</span>
    </button>
  );
}
