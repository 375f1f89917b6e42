import { Button } from "@mantine/core";
import { useId, useState } from "react";

import classes from "@/components/contact/ContactPanel.module.css";
import { useChangeContact } from "@/hooks/useContact";
import { contactTexts as texts } from "@/lib/contact-texts";
import type { Contact } from "@/lib/models";

/**
 * A note on the person. Where a colleague wrote meanwhile, nothing is lost: theirs is shown above the draft, and
 * saving again is a decision made with both in sight.
 */
export function ContactNote({ contact }: { contact: Contact }) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const [seen, setSeen] = useState({ version: 0, note: "" });
  const change = useChangeContact(contact.id);
  const open = () => {
    setSeen({ version: contact.version, note: contact.note });
    setDraft(contact.note);
  };

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
            onClick={open}
          >
            {contact.note ? texts.edit : texts.writeNote}
          </Button>
        </span>
      </div>
    );
  }
  const isOvertaken = change.isError && contact.note !== seen.note;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(
          { note: draft, version: isOvertaken ? contact.version : seen.version },
          { onSuccess: () => setDraft(null) },
        );
      }}
    >
      <span role="alert" className={classes.problem}>
        {change.error?.message}
      </span>
      {isOvertaken && (
        <div className={classes.note}>
          <h4>{texts.noteNow}</h4>
          <p className={classes.noteWords}>{contact.note}</p>
        </div>
      )}
      <label className={classes.hint} htmlFor={id}>
        {texts.note}
      </label>
      <textarea
        id={id}
        className={classes.field}
        value={draft}
        maxLength={5000}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && setDraft(null)}
      />
      <span className={classes.buttons}>
        <Button type="submit" h={44} loading={change.isPending}>
          {texts.save}
        </Button>
        <Button variant="default" h={44} onClick={() => setDraft(null)}>
          {texts.cancel}
        </Button>
      </span>
    </form>
  );
}
