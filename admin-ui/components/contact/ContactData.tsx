import { Button } from "@mantine/core";
import { useId, useState } from "react";

import { Dialog } from "@/components/common/Dialog";
import classes from "@/components/contact/ContactPanel.module.css";
import { useEraseContact, useExportContact } from "@/hooks/useContact";
import { contactTexts as texts } from "@/lib/contact-texts";
import type { Contact } from "@/lib/models";

/** What a customer may ask of the desk: to have their data, and to have it erased. */
export function ContactData({ contact }: { contact: Contact }) {
  const [isAsking, setIsAsking] = useState(false);
  const handOver = useExportContact(contact.id);
  return (
    <div className={classes.form}>
      <span className={classes.buttons}>
        <Button variant="default" h={44} loading={handOver.isPending} onClick={() => handOver.mutate()}>
          {texts.exportAll}
        </Button>
        <Button variant="default" h={44} c="var(--desk-red)" onClick={() => setIsAsking(true)}>
          {texts.erase}
        </Button>
      </span>
      <p role="alert" className={classes.problem}>
        {handOver.error?.message}
      </p>
      {isAsking && <EraseQuestion contact={contact} onClose={() => setIsAsking(false)} />}
    </div>
  );
}

function EraseQuestion({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const id = useId();
  const [typed, setTyped] = useState("");
  const erase = useEraseContact(contact.id);
  const isMeant = typed.trim().toLowerCase() === texts.eraseWord;
  return (
    <Dialog title={texts.eraseTitle(contact.name)} onClose={onClose}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isMeant) erase.mutate(undefined, { onSuccess: onClose });
        }}
      >
        <p>{texts.eraseLead}</p>
        <label htmlFor={id}>{texts.eraseType(texts.eraseWord)}</label>
        <input
          id={id}
          className={classes.field}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <span className={classes.buttons}>
          <Button type="submit" color="red" h={44} disabled={!isMeant} loading={erase.isPending}>
            {texts.eraseNow}
          </Button>
          <Button variant="default" h={44} onClick={onClose}>
            {texts.cancel}
          </Button>
        </span>
        <p role="alert" className={classes.problem}>
          {erase.error?.message}
        </p>
      </form>
    </Dialog>
  );
}
