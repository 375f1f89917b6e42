import { useId, useState } from "react";
import type { KeyboardEvent } from "react";

import { AccountLevers } from "@/components/phone/AccountLevers";
import { CustomerLevers } from "@/components/phone/CustomerLevers";
import classes from "@/components/phone/Levers.module.css";
import { Misbehave } from "@/components/phone/Misbehave";
import { Sheet } from "@/components/phone/Sheet";
import { TemplateReviews } from "@/components/phone/TemplateReviews";
import { usePhoneActs } from "@/hooks/usePhoneActs";
import type { Misbehaviour, PhoneState } from "@/lib/phone-client";
import { phoneTexts } from "@/lib/phone-texts";

const texts = phoneTexts.levers;
const GROUPS = ["misbehave", "templates", "account", "customer"] as const;

interface Props {
  state: PhoneState;
  chosenId: string | undefined;
  onMisbehave: (orders: Misbehaviour) => void;
  onClose: () => void;
}

/** What is Meta's to do, by groups. */
export function Levers({ state, chosenId, onMisbehave, onClose }: Props) {
  const [group, setGroup] = useState<(typeof GROUPS)[number]>("misbehave");
  const acts = usePhoneActs();
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = GROUPS.at((GROUPS.indexOf(group) + step) % GROUPS.length);
    if (!next) return;
    setGroup(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <Sheet title={texts.title} onClose={onClose}>
      <div
        className={classes.tabs}
        role="tablist"
        aria-label={texts.title}
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        {GROUPS.map((name) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            className={classes.tab}
            aria-selected={name === group}
            aria-controls={`${id}-panel`}
            tabIndex={name === group ? 0 : -1}
            onClick={() => setGroup(name)}
          >
            {texts.groups[name]}
          </button>
        ))}
      </div>
      <div className={classes.panel} id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${group}`}>
        {acts.error && (
          <p className={classes.problem} role="alert">
            {acts.error}
          </p>
        )}
        {group === "misbehave" && (
          <Misbehave
            current={state.misbehaviour}
            onApply={(orders) => {
              onMisbehave(orders);
              onClose();
            }}
          />
        )}
        {group === "templates" && <TemplateReviews templates={state.templates} acts={acts} />}
        {group === "account" && <AccountLevers account={state.account} acts={acts} />}
        {group === "customer" && <CustomerLevers threads={state.threads} chosenId={chosenId} acts={acts} />}
      </div>
    </Sheet>
  );
}
