import { ActionIcon } from "@mantine/core";
import { useId, useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";

import classes from "@/components/common/Dialog.module.css";
import { Icon } from "@/components/common/Icon";
import { texts } from "@/lib/texts";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  size?: "small" | "large";
}

/** A panel over everything else; the browser keeps the focus in it, and Escape closes it. */
export function Dialog({ title, onClose, children, size = "small" }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // A layout effect: closed while still in the page, the dialog gives the focus back to where it was.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={classes.dialog}
      data-size={size}
      aria-labelledby={titleId}
      onCancel={(event) => {
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className={classes.header}>
        <h2 id={titleId} className={classes.title}>
          {title}
        </h2>
        <ActionIcon variant="subtle" color="gray" size={44} aria-label={texts.close} onClick={onClose}>
          <Icon name="cross" />
        </ActionIcon>
      </header>
      <div className={classes.inside}>{children}</div>
    </dialog>
  );
}
