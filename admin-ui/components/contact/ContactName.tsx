import { ActionIcon, Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/contact/ContactPanel.module.css";
import { useChangeContact } from "@/hooks/useContact";
import { contactTexts as texts } from "@/lib/contact-texts";
import type { Contact } from "@/lib/models";

/** Edited in place: Enter saves, Escape leaves it as it was, and nothing at all is the customer's own name. */
export function ContactName({ contact }: { contact: Contact }) {
  const [isEdited, setIsEdited] = useState(false);
  const [opened, setOpened] = useState(contact);
  const change = useChangeContact(contact.id);
  const field = useRef<HTMLInputElement>(null);
  // Only as it comes: at each redraw it would take what is typed elsewhere by then.
  useEffect(() => {
    if (isEdited) field.current?.focus();
  }, [isEdited]);
  const own = contact.profile_name !== contact.name && contact.profile_name;

  if (!isEdited) {
    return (
      <span className={classes.line}>
        <span className={classes.words}>
          <bdi>{contact.name}</bdi>
          {own && <bdi className={classes.hint}>{texts.profileName(own)}</bdi>}
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={44}
          aria-label={texts.editThis(texts.name)}
          onClick={() => {
            setOpened(contact);
            change.reset();
            setIsEdited(true);
          }}
        >
          <Icon name="pen" size={18} />
        </ActionIcon>
      </span>
    );
  }
  const isTheirs = contact.name !== opened.name;
  const isOvertaken = change.isError && isTheirs;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        const name = String(new FormData(event.currentTarget).get("name"));
        // Where something else of the customer was changed, or theirs was shown, nothing is written over unseen.
        const { version } = isTheirs && !isOvertaken ? opened : contact;
        change.mutate({ name, version }, { onSuccess: () => setIsEdited(false) });
      }}
    >
      <input
        className={classes.field}
        name="name"
        aria-label={texts.name}
        defaultValue={contact.name}
        maxLength={255}
        ref={field}
        onKeyDown={(event) => event.key === "Escape" && setIsEdited(false)}
      />
      <span className={classes.buttons}>
        <Button type="submit" h={44} loading={change.isPending}>
          {texts.save}
        </Button>
        <Button variant="default" h={44} onClick={() => setIsEdited(false)}>
          {texts.cancel}
        </Button>
      </span>
      <span role="alert" className={classes.problem}>
        {change.error?.message}
        {isOvertaken && <bdi> {`${texts.itSaysNow} ${contact.name}`}</bdi>}
      </span>
    </form>
  );
}
