import { Icon } from "@/components/common/Icon";
import classes from "@/components/phone/BubbleContent.module.css";
import { readableSize } from "@/lib/amounts";
import type { Attachment } from "@/lib/phone-client";
import { phoneTexts as texts } from "@/lib/phone-texts";

interface Props {
  media: Attachment;
  caption: string;
  onPlayed: () => void;
}

/** The file in a bubble; the practice phone loads it at once, as a phone on Wi-Fi does. */
export function PhoneMedia({ media, caption, onPlayed }: Props) {
  const { id, kind, filename } = media;
  if (!id) {
    return (
      <p className={classes.bare}>
        {texts.kinds[kind]}. {texts.fromLink}.
      </p>
    );
  }
  const name = filename ?? texts.unnamed;
  const url = `/simulator/phone/files/${id}?filename=${encodeURIComponent(name)}`;
  switch (kind) {
    case "image":
      return (
        <a className={classes.picture} href={url} target="_blank" rel="noopener noreferrer">
          {/* eslint-disable-next-line @next/next/no-img-element -- the file is shown as it is */}
          <img src={url} alt={caption || texts.kinds.image} />
          <span className="visually-hidden"> ({texts.opensNewTab})</span>
        </a>
      );
    case "sticker":
      // eslint-disable-next-line @next/next/no-img-element -- the file is shown as it is
      return <img className={classes.sticker} src={url} alt={texts.kinds.sticker} />;
    case "video":
      // eslint-disable-next-line jsx-a11y/media-has-caption -- what people film has no captions
      return <video className={classes.video} src={url} controls preload="metadata" />;
    case "voice":
    case "audio":
      return (
        // eslint-disable-next-line jsx-a11y/media-has-caption -- what people say has no captions
        <audio
          className={classes.sound}
          src={url}
          controls
          preload="metadata"
          aria-label={texts.kinds[kind]}
          onPlay={onPlayed}
        />
      );
    default:
      return (
        <a className={classes.document} href={url} download={name}>
          <Icon name="file" size={22} />
          <span>
            <span className={classes.filename}>{name}</span>
            <br />
            {readableSize(media.size)}
          </span>
        </a>
      );
  }
}
