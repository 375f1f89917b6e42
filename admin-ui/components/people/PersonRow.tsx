import { Button, NativeSelect } from "@mantine/core";

import classes from "@/components/people/People.module.css";
import settings from "@/components/settings/Settings.module.css";
import { useMay } from "@/hooks/useSession";
import type { Person, Role } from "@/lib/models";
import { peopleTexts as texts } from "@/lib/people-texts";

export type Question = "disable" | "resetFactor";

interface PersonRowProps {
  person: Person;
  isMe: boolean;
  role: Role;
  onRole: (role: Role) => void;
  onAsk: (question: Question) => void;
  onEnable: () => void;
}

export function PersonRow({ person, isMe, role, onRole, onAsk, onEnable }: PersonRowProps) {
  const mayManageEverybody = useMay("manage_everybody");
  const isInReach = mayManageEverybody || person.role === "agent";
  const isDisabled = person.disabled_at !== null;
  const facts = [
    person.email,
    isMe && texts.you,
    person.has_second_factor && texts.secondFactor,
    isDisabled && texts.disabled,
  ];
  return (
    <li className={classes.row} data-disabled={isDisabled}>
      <span className={classes.who}>
        <span className={classes.name}>{person.name}</span>
        <span className={settings.hint}>{facts.filter(Boolean).join(" · ")}</span>
      </span>
      <span className={classes.acts}>
        {mayManageEverybody && !isMe ? (
          <NativeSelect
            aria-label={texts.roleOf(person.name)}
            size="md"
            value={role}
            onChange={(event) => onRole(event.currentTarget.value as Role)}
            data={Object.entries(texts.roles).map(([value, label]) => ({ value, label }))}
          />
        ) : (
          <span>{texts.roles[person.role]}</span>
        )}
        {mayManageEverybody && !isMe && person.has_second_factor && (
          <Button
            variant="default"
            h={44}
            aria-label={texts.resetFactorOf(person.name)}
            onClick={() => onAsk("resetFactor")}
          >
            {texts.resetFactor}
          </Button>
        )}
        {isInReach && !isMe && (
          <Button
            variant="default"
            h={44}
            aria-label={isDisabled ? texts.enableOf(person.name) : texts.disableOf(person.name)}
            onClick={() => (isDisabled ? onEnable() : onAsk("disable"))}
          >
            {isDisabled ? texts.enable : texts.disable}
          </Button>
        )}
      </span>
    </li>
  );
}
