import { ActionIcon } from "@mantine/core";
import { useRef } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/tickets/Field.module.css";
import { useShortcuts } from "@/hooks/useShortcuts";
import { listTexts } from "@/lib/list-texts";

/** The browser's own field: Mantine's would be the largest part of the page's first load. Escape clears, then leaves. */
export function SearchField({ text, onType }: { text: string; onType: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useShortcuts([
    { keys: "/", label: listTexts.keys.search, group: "list", run: () => input.current?.focus() },
  ]);
  const clear = () => onType("");

  return (
    <div className={classes.place}>
      <span className={classes.before}>
        <Icon name="search" />
      </span>
      <input
        ref={input}
        className={classes.search}
        type="search"
        aria-label={listTexts.search.label}
        placeholder={listTexts.search.placeholder}
        autoComplete="off"
        value={text}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (text) clear();
          else input.current?.blur();
        }}
      />
      {text && (
        <ActionIcon
          className={classes.after}
          variant="subtle"
          color="gray"
          size={44}
          aria-label={listTexts.search.clear}
          onClick={clear}
        >
          <Icon name="cross" />
        </ActionIcon>
      )}
    </div>
  );
}
