import { Button, Textarea } from "@mantine/core";
import type { FormEvent, KeyboardEvent } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/composer/Composer.module.css";
import type { useDraft } from "@/hooks/useDraft";
import { composerTexts } from "@/lib/composer-texts";
import { charactersLeft, isNearLimit } from "@/lib/message-length";

interface NoteLineProps {
  draft: ReturnType<typeof useDraft>;
  onAdd: (words: string) => void;
}

/** Words for the people at the desk. They have a draft of their own, so that none becomes an answer by a slip. */
export function NoteLine({ draft, onAdd }: NoteLineProps) {
  const words = draft.text.trim();
  const left = charactersLeft(words, "text");
  const isReady = words !== "" && left >= 0;
  const add = () => {
    if (!isReady) return;
    onAdd(words);
    draft.write("");
  };
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    add();
  }
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    add();
  }
  return (
    <form onSubmit={onSubmit}>
      <div className={classes.line}>
        <Textarea
          className={classes.field}
          classNames={{ input: classes.note }}
          aria-label={composerTexts.noteLabel}
          placeholder={composerTexts.notePlaceholder}
          rows={1}
          size="md"
          error={left < 0}
          value={draft.text}
          onChange={({ currentTarget }) => draft.write(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Button type="submit" h={44} px="sm" aria-disabled={!isReady} data-disabled={!isReady || undefined}>
          <Icon name="send" />
          <span className={classes.sendWord}>{composerTexts.addNote}</span>
        </Button>
      </div>
      {isNearLimit(left) && (
        <p className={classes.count} data-over={left < 0} aria-live="polite">
          {left < 0 ? composerTexts.words.over(-left) : composerTexts.words.left(left)}
        </p>
      )}
    </form>
  );
}
