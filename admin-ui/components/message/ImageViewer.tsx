import { ActionIcon } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { useLayoutEffect, useRef } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/message/ImageViewer.module.css";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";
import { fullTime } from "@/lib/relative-time";

interface ImageViewerProps {
  /** The photos of the thread, in its order; each has its file. */
  photos: Message[];
  shown: Message;
  onShow: (message: Message) => void;
  onClose: () => void;
}

/** A photo as large as it is. Arrow keys go to the others; the browser keeps the focus inside. */
export default function ImageViewer({ photos, shown, onShow, onClose }: ImageViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const index = photos.findIndex((photo) => photo.id === shown.id);
  const go = (step: number) => {
    const next = photos[index + step];
    if (next) onShow(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowLeft") go(-1);
    if (event.key === "ArrowRight") go(1);
  };
  const url = shown.media?.url ?? undefined;
  return (
    <dialog
      ref={dialog}
      className={classes.viewer}
      aria-label={messageTexts.viewer}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className={classes.header}>
        <p className={classes.about}>
          <strong>{shown.sender_name}</strong>
          <span>
            {fullTime(shown.occurred_at)} · {messageTexts.position(index + 1, photos.length)}
          </span>
        </p>
        <ActionIcon
          component="a"
          href={url}
          download={shown.media?.filename ?? true}
          variant="transparent"
          c="#fff"
          size={44}
          aria-label={messageTexts.download}
        >
          <Icon name="download" />
        </ActionIcon>
        <ActionIcon
          variant="transparent"
          c="#fff"
          size={44}
          aria-label={messageTexts.close}
          onClick={onClose}
        >
          <Icon name="cross" size={22} />
        </ActionIcon>
      </header>
      <div className={classes.stage}>
        {/* eslint-disable-next-line @next/next/no-img-element -- the original is what is asked for */}
        <img key={shown.id} src={url} alt={shown.message || messageTexts.photoFrom(shown.sender_name)} />
      </div>
      {shown.message && <p className={classes.caption}>{shown.message}</p>}
      {photos.length > 1 && (
        <div className={classes.steps}>
          <ActionIcon
            variant="transparent"
            c="#fff"
            size={44}
            aria-label={messageTexts.previous}
            data-disabled={index === 0 || undefined}
            aria-disabled={index === 0}
            onClick={() => go(-1)}
          >
            <Icon name="left" size={24} />
          </ActionIcon>
          <ActionIcon
            variant="transparent"
            c="#fff"
            size={44}
            aria-label={messageTexts.next}
            data-disabled={index === photos.length - 1 || undefined}
            aria-disabled={index === photos.length - 1}
            onClick={() => go(1)}
          >
            <Icon name="right" size={24} />
          </ActionIcon>
        </div>
      )}
    </dialog>
  );
}
