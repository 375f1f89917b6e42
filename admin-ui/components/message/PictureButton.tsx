import classes from "@/components/message/Media.module.css";
import { messageTexts } from "@/lib/message-texts";
import type { Media, Message } from "@/lib/models";

/** A photo at its small size; a tap opens the original. Its room is kept before it has come. */
export function PictureButton(props: { message: Message; media: Media; onOpen: () => void }) {
  const { message, media, onOpen } = props;
  const { width, height } = media;
  return (
    <button
      type="button"
      className={classes.picture}
      style={{ aspectRatio: width && height ? `${width} / ${height}` : "4 / 3" }}
      aria-haspopup="dialog"
      onClick={onOpen}
    >
      {/* eslint-disable-next-line @next/next/no-img-element -- served as it is, small already */}
      <img
        src={media.thumbnail_url ?? media.url ?? undefined}
        alt={message.message || messageTexts.photoFrom(message.sender_name)}
        loading="lazy"
      />
    </button>
  );
}
