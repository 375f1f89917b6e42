import { Button } from "@mantine/core";
import { useEffect, useId, useRef } from "react";

import classes from "@/components/contact/ContactPanel.module.css";
import { useChangeContact } from "@/hooks/useContact";
import { useDraft } from "@/hooks/useDraft";
import { contactTexts as texts } from "@/lib/contact-texts";
import type { Contact } from "@/lib/models";

/** What was begun, and what its writer had seen of the note by then: a draft may be saved days later. */
interface NoteDraft {
  words: string;
  version: number;
  before: string;
}

/**
 * A note on the person. Where a colleague wrote meanwhile, nothing is lost: theirs is shown above the draft, and
 * saving again is a decision made with both in sight. What is not saved is kept, whatever is opened meanwhile.
 */
export function ContactNote({ contact }: { contact: Contact }) {
  const id = useId();
  const kept = useDraft(contact.id, "contact-note");
  const draft = JSON.parse(kept.text || "null") as NoteDraft | null;
  const write = (next: NoteDraft) => kept.write(JSON.stringify(next));
  const close = () => kept.write("");
  const change = useChangeContact(contact.id);
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  });

  if (draft === null) {
    return (
      <div className={classes.note}>
        <h4>{texts.note}</h4>
        {contact.note ? (
          <p className={classes.noteWords}>{contact.note}</p>
        ) : (
          <p className={classes.hint}>{texts.noNote}</p>
        )}
        <span className={classes.buttons}>
          <Button
            variant="default"
            h={44}
            aria-label={contact.note ? texts.editThis(texts.note) : undefined}
            onClick={() => write({ words: contact.note, version: contact.version, before: contact.note })}
          >
            {contact.note ? texts.edit : texts.writeNote}
          </Button>
        </span>
      </div>
    );
  }
  const isTheirs = contact.note !== draft.before;
  const isOvertaken = change.isError && isTheirs;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        // Where something else of the customer was changed, nothing is written over.
        const version = isTheirs && !isOvertaken ? draft.version : contact.version;
        // Also when another ticket is opened before the desk has answered.
        change.mutateAsync({ note: draft.words, version }).then(
          (saved) => {
            const words = latest.current?.words ?? draft.words;
            if (words === draft.words) close();
            else write({ words, version: saved.version, before: saved.note });
          },
          () => undefined,
        );
      }}
    >
      <span role="alert" className={classes.problem}>
        {change.error?.message}
      </span>
      {isOvertaken && (
        <div className={classes.note}>
          <h4>{texts.itSaysNow}</h4>
          <p className={classes.noteWords}>{contact.note}</p>
        </div>
      )}
      <label className={classes.hint} htmlFor={id}>
        {texts.note}
      </label>
      <textarea
        id={id}
        className={classes.field}
        value={draft.words}
        maxLength={5000}
        onChange={(event) => write({ ...draft, words: event.currentTarget.value })}
        onKeyDown={(event) => event.key === "Escape" && close()}
      />
      <span className={classes.buttons}>
        <Button type="submit" h={44} loading={change.isPending}>
          {texts.save}
        </Button>
        <Button variant="default" h={44} onClick={close}>
          {texts.cancel}
        </Button>
      </span>
    </form>
  );
}
