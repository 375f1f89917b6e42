import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { useEffect, useId, useRef, useState } from "react";

import { Dialog } from "@/components/common/Dialog";
import classes from "@/components/keyboard/CommandPalette.module.css";
import { Keys } from "@/components/keyboard/Keys";
import type { Command } from "@/hooks/useCommands";
import { useCommands } from "@/hooks/useCommands";
import { keyboardTexts } from "@/lib/keyboard-texts";
import { texts } from "@/lib/texts";

/** Every action, page and queue by its name, a ticket by its number, and what is none of these as a search. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light") === "dark";
  const commands = useCommands(typed, {
    label: isDark ? texts.shell.useLight : texts.shell.useDark,
    run: () => setColorScheme(isDark ? "light" : "dark"),
  });
  const chosen = Math.min(at, commands.length - 1);
  const list = useRef<HTMLUListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);

  function run(command: Command | undefined) {
    if (!command) return;
    onClose();
    // First the dialog gives the focus back, then the command may take it.
    requestAnimationFrame(command.run);
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((chosen + step + commands.length) % commands.length);
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) run(commands[chosen]);
    else if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) onClose();
    else return;
    event.preventDefault();
  }

  return (
    <Dialog title={keyboardTexts.palette.title} onClose={onClose}>
      <input
        className={classes.field}
        role="combobox"
        aria-label={keyboardTexts.palette.label}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={`${id}-${chosen}`}
        aria-autocomplete="list"
        autoComplete="off"
        placeholder={keyboardTexts.palette.placeholder}
        value={typed}
        ref={field}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul
        id={`${id}-list`}
        ref={list}
        className={classes.list}
        role="listbox"
        aria-label={keyboardTexts.palette.list}
      >
        {commands.map((command, index) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are those of the field
          <li
            key={command.label}
            id={`${id}-${index}`}
            className={classes.command}
            role="option"
            aria-selected={index === chosen}
            onClick={() => run(command)}
          >
            <span className={classes.words}>{command.label}</span>
            {command.keys && <Keys keys={command.keys} />}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
