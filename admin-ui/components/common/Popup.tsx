import { ActionIcon } from "@mantine/core";
import { useId, useRef } from "react";
import type { ReactNode, ToggleEvent } from "react";

import type { IconName } from "@/components/common/Icon";
import { Icon } from "@/components/common/Icon";
import classes from "@/components/common/Popup.module.css";

const GAP_PX = 6;

interface PopupProps {
  label: string;
  icon: IconName;
  children: ReactNode;
  tabIndex?: number;
  onFocus?: () => void;
  disabled?: boolean;
}

/**
 * A button that opens a small panel beside it. The browser closes it by Escape and by a click elsewhere and gives
 * the focus back; a click on one of its own buttons closes it too.
 */
export function Popup({ label, icon, children, tabIndex, onFocus, disabled }: PopupProps) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  function onToggle(event: ToggleEvent) {
    if (event.newState !== "open" || !panel.current || !opener.current) return;
    place(panel.current, opener.current.getBoundingClientRect());
    panel.current.querySelector("button")?.focus({ preventScroll: true });
  }

  return (
    <>
      <ActionIcon
        ref={opener}
        variant="subtle"
        color="gray"
        size={44}
        aria-label={label}
        popoverTarget={id}
        tabIndex={tabIndex}
        onFocus={onFocus}
        disabled={disabled}
        data-popup
      >
        <Icon name={icon} size={20} />
      </ActionIcon>
      {/* The keyboard's click on a button inside bubbles up here as well. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions */}
      <div
        id={id}
        ref={panel}
        popover="auto"
        role="group"
        aria-label={label}
        className={classes.panel}
        onToggle={onToggle}
        onClick={() => panel.current?.hidePopover()}
      >
        {children}
      </div>
    </>
  );
}

/** Above the button where there is room, else below it; never over the edge of the window. */
function place(panel: HTMLElement, opener: DOMRect) {
  const { width, height } = panel.getBoundingClientRect();
  const left = Math.min(Math.max(GAP_PX, opener.left), window.innerWidth - width - GAP_PX);
  const above = opener.top - height - GAP_PX;
  const top =
    above >= GAP_PX ? above : Math.min(opener.bottom + GAP_PX, window.innerHeight - height - GAP_PX);
  panel.style.left = `${left}px`;
  panel.style.top = `${Math.max(GAP_PX, top)}px`;
}
