import { Icon } from "@/components/common/Icon";
import classes from "@/components/message/Media.module.css";
import { readableSize } from "@/lib/amounts";
import { messageTexts } from "@/lib/message-texts";
import type { Media } from "@/lib/models";

/** "report.pdf" and "application/pdf" both become "PDF". */
function shortType({ filename, mime_type }: Media): string {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(filename ?? "")?.[1];
  return (ending ?? mime_type.split("/").at(-1) ?? "").toUpperCase();
}

export function DocumentChip({ media, url }: { media: Media; url: string }) {
  const facts = [shortType(media), media.size !== null && readableSize(media.size)];
  return (
    <a className={classes.document} href={url} download={media.filename ?? true}>
      <Icon name="file" size={22} />
      <span className={classes.words}>
        <span className={classes.filename}>{media.filename ?? messageTexts.unnamed}</span>
        <span className={classes.meta}>{facts.filter(Boolean).join(" · ")}</span>
      </span>
      <Icon name="download" />
      <span className="visually-hidden">{messageTexts.download}</span>
    </a>
  );
}
