import { Button } from "@mantine/core";
import { useState } from "react";

import { Dialog } from "@/components/common/Dialog";
import classes from "@/components/contact/ContactPanel.module.css";
import { useChangeContact } from "@/hooks/useContact";
import { contactTexts as texts } from "@/lib/contact-texts";
import type { Contact } from "@/lib/models";
import { fullTime } from "@/lib/relative-time";

/** Blocking asks first, since it closes the ticket; unblocking takes nothing away. */
export function ContactBlock({ contact }: { contact: Contact }) {
  const [isAsking, setIsAsking] = useState(false);
  const change = useChangeContact(contact.id);
  const problem = (
    <p role="alert" className={classes.problem}>
      {change.error?.message}
    </p>
  );
  return (
    <div className={classes.form}>
      {contact.blocked_at && (
        <p>
          <span className={classes.blocked}>{texts.blocked(fullTime(contact.blocked_at))}</span>
          {contact.kept_messages > 0 && (
            <span className={classes.hint}>{texts.kept(contact.kept_messages)}</span>
          )}
        </p>
      )}
      <span className={classes.buttons}>
        {contact.blocked_at ? (
          <Button
            variant="default"
            h={44}
            loading={change.isPending}
            onClick={() => change.mutate({ blocked: false })}
          >
            {texts.unblock}
          </Button>
        ) : (
          <Button variant="default" h={44} onClick={() => setIsAsking(true)}>
            {texts.block}
          </Button>
        )}
      </span>
      {isAsking && (
        <Dialog title={texts.blockTitle(contact.name)} onClose={() => setIsAsking(false)}>
          <div className={classes.form}>
            <p>{texts.blockLead}</p>
            <span className={classes.buttons}>
              <Button
                color="red"
                h={44}
                loading={change.isPending}
                onClick={() => change.mutate({ blocked: true }, { onSuccess: () => setIsAsking(false) })}
              >
                {texts.block}
              </Button>
              <Button variant="default" h={44} onClick={() => setIsAsking(false)}>
                {texts.cancel}
              </Button>
            </span>
            {problem}
          </div>
        </Dialog>
      )}
      {!isAsking && problem}
    </div>
  );
}
