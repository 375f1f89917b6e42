import { Button } from "@mantine/core";
import Link from "next/link";
import { useState } from "react";

import { Dialog } from "@/components/common/Dialog";
import { InvitePanel } from "@/components/people/InvitePanel";
import classes from "@/components/people/People.module.css";
import { PersonRow } from "@/components/people/PersonRow";
import type { Question } from "@/components/people/PersonRow";
import { Panel } from "@/components/settings/Panel";
import settings from "@/components/settings/Settings.module.css";
import { useChangeRole, useDisable, useEnable, useResetSecondFactor } from "@/hooks/usePeople";
import { useMay, useSession } from "@/hooks/useSession";
import type { People, Person } from "@/lib/models";
import { peopleTexts as texts } from "@/lib/people-texts";

export function PeopleContent({ people }: { people: People }) {
  const [asked, setAsked] = useState<{ person: Person; question: Question } | null>(null);
  const me = useSession().data?.admin.id;
  const mayReadAudit = useMay("read_audit");
  const changeRole = useChangeRole();
  const disable = useDisable();
  const enable = useEnable();
  const resetFactor = useResetSecondFactor();
  const problem = [changeRole, disable, enable, resetFactor].find(({ error }) => error)?.error;

  return (
    <div className={settings.page}>
      <h1 className={settings.title}>{texts.title}</h1>
      <Panel title={texts.everybody} lead={texts.lead}>
        <p role="alert" className={settings.problem}>
          {problem?.message}
        </p>
        {people.people.length === 1 && <p className={settings.lead}>{texts.alone}</p>}
        <ul className={classes.rows}>
          {people.people.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              isMe={person.id === me}
              // Until the desk has answered, a choice stands as it was made.
              role={
                changeRole.isPending && changeRole.variables.id === person.id
                  ? changeRole.variables.role
                  : person.role
              }
              onRole={(role) => changeRole.mutate({ id: person.id, role })}
              onAsk={(question) => setAsked({ person, question })}
              onEnable={() => enable.mutate(person.id)}
            />
          ))}
        </ul>
        {mayReadAudit && (
          <Link className={classes.auditLink} href="/audit">
            {texts.auditLink}
          </Link>
        )}
      </Panel>
      <InvitePanel invites={people.invites} />
      {asked && (
        <Sure
          {...asked}
          onClose={() => setAsked(null)}
          onSure={() => {
            (asked.question === "disable" ? disable : resetFactor).mutate(asked.person.id);
            setAsked(null);
          }}
        />
      )}
    </div>
  );
}

interface SureProps {
  person: Person;
  question: Question;
  onClose: () => void;
  onSure: () => void;
}

function Sure({ person, question, onClose, onSure }: SureProps) {
  return (
    <Dialog title={texts[`${question}Of`](person.name)} onClose={onClose}>
      <p>{texts[`${question}Sure`](person.name)}</p>
      <div className={settings.buttons}>
        <Button color="red" h={44} onClick={onSure}>
          {texts[question]}
        </Button>
        <Button variant="default" h={44} onClick={onClose}>
          {texts.cancel}
        </Button>
      </div>
    </Dialog>
  );
}
