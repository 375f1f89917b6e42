import { Icon } from "@/components/common/Icon";
import { LocationCard } from "@/components/message/LocationCard";
import content from "@/components/message/Content.module.css";
import media from "@/components/message/Media.module.css";
import { BubbleText } from "@/components/phone/BubbleText";
import { readableSize } from "@/lib/amounts";
import { messageTexts } from "@/lib/message-texts";
import type { OutgoingMessage } from "@/lib/thread";

/** What an answer under way will look like, of what this browser knows of it. */
export function OutgoingContent({ outgoing }: { outgoing: OutgoingMessage }) {
  const { file, text } = outgoing;
  const { location, contacts, interactive, template } = outgoing.content;
  const choices =
    interactive?.type === "list"
      ? interactive.sections.flatMap((section) => section.rows)
      : (interactive?.buttons ?? []);
  return (
    <>
      {file?.kind === "image" && (
        <div className={media.picture} data-pending>
          {/* eslint-disable-next-line @next/next/no-img-element -- a file of this browser */}
          <img src={file.preview} alt={file.name} />
        </div>
      )}
      {file && file.kind !== "image" && (
        <div className={media.document}>
          <Icon name={file.kind === "voice" ? "microphone" : "file"} size={22} />
          <span className={media.words}>
            <span className={media.filename}>{file.name}</span>
            <span className={media.meta}>{readableSize(file.file.size)}</span>
          </span>
        </div>
      )}
      {location && <LocationCard place={location} />}
      {contacts?.map((card) => (
        <p key={card.phone} className={content.title}>
          <Icon name="card" />
          {card.name}
        </p>
      ))}
      {template && (
        <p className={content.mark}>
          <Icon name="template" size={14} />
          {messageTexts.kinds.template}
        </p>
      )}
      {(text || template) && (
        <p className={content.text} dir="auto">
          <BubbleText text={text || (template?.name ?? "")} />
        </p>
      )}
      {choices.length > 0 && (
        <ul className={content.choices}>
          {choices.map((choice) => (
            <li key={choice.id}>{choice.title}</li>
          ))}
        </ul>
      )}
    </>
  );
}
