import { DocumentChip } from "@/components/message/DocumentChip";
import classes from "@/components/message/Media.module.css";
import { MediaProblem } from "@/components/message/MediaProblem";
import { PictureButton } from "@/components/message/PictureButton";
import { SavedData } from "@/components/message/SavedData";
import { SoundPlayer } from "@/components/message/SoundPlayer";
import { VideoPlayer } from "@/components/message/VideoPlayer";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";

interface MediaContentProps {
  message: Message;
  onOpenImage: (message: Message) => void;
}

/** A message's file, as light as it can be shown; the file itself comes by a tap. */
export function MediaContent({ message, onOpenImage }: MediaContentProps) {
  const { media, kind } = message;
  const what = messageTexts.kinds[kind];
  if (!media) return <p className={classes.state}>{messageTexts.fileMissing}</p>;
  if (media.state === "pending") {
    return (
      <p className={classes.state} role="status">
        {messageTexts.pending(what)}
      </p>
    );
  }
  if (media.state === "failed" || media.url === null) return <MediaProblem message={message} media={media} />;
  switch (kind) {
    case "image":
      return (
        <SavedData
          what={what}
          shape={media.width && media.height ? `${media.width} / ${media.height}` : "4 / 3"}
        >
          <PictureButton message={message} media={media} onOpen={() => onOpenImage(message)} />
        </SavedData>
      );
    case "sticker":
      return (
        <SavedData what={what} shape="1">
          {/* eslint-disable-next-line @next/next/no-img-element -- served as it is */}
          <img
            className={classes.sticker}
            src={media.thumbnail_url ?? media.url}
            alt={messageTexts.stickerFrom(message.sender_name)}
            loading="lazy"
          />
        </SavedData>
      );
    case "video":
      return <VideoPlayer media={media} url={media.url} />;
    case "audio":
    case "voice":
      return <SoundPlayer media={media} url={media.playable_url ?? media.url} what={what} />;
    default:
      return <DocumentChip media={media} url={media.url} />;
  }
}
