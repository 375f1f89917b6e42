import { Button } from "@mantine/core";
import { useState } from "react";

import { PasswordQuestion } from "@/components/profile/PasswordQuestion";
import { RecoveryCodes } from "@/components/profile/RecoveryCodes";
import { SecondFactorSetUp } from "@/components/profile/SecondFactorSetUp";
import { Panel } from "@/components/settings/Panel";
import settings from "@/components/settings/Settings.module.css";
import {
  useBeginSecondFactor,
  useConfirmSecondFactor,
  useRenewRecoveryCodes,
  useTurnSecondFactorOff,
} from "@/hooks/useProfile";
import type { Profile } from "@/lib/models";
import { profileTexts as texts } from "@/lib/profile-texts";

export function SecondFactorPanel({ profile }: { profile: Profile }) {
  const [codes, setCodes] = useState<string[] | null>(null);
  const [asks, setAsks] = useState<"renew" | "turnOff" | null>(null);
  const begin = useBeginSecondFactor();
  const confirm = useConfirmSecondFactor();
  const renew = useRenewRecoveryCodes();
  const turnOff = useTurnSecondFactorOff();
  const isOn = profile.has_second_factor;

  function answer(password: string) {
    const done = () => setAsks(null);
    if (asks === "turnOff") turnOff.mutate(password, { onSuccess: done });
    else
      renew.mutate(password, {
        onSuccess: (fresh) => {
          setCodes(fresh.codes);
          done();
        },
      });
  }

  if (codes) {
    return (
      <Panel title={texts.factor}>
        <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />
      </Panel>
    );
  }
  return (
    <Panel title={texts.factor} lead={texts.factorLead}>
      <p>{isOn ? texts.factorIsOn(profile.recovery_codes_left) : texts.factorIsOff}</p>
      <p role="alert" className={settings.problem}>
        {begin.error?.message}
      </p>
      {isOn && (
        <div className={settings.buttons}>
          <Button variant="default" h={44} onClick={() => setAsks("renew")}>
            {texts.renew}
          </Button>
          <Button variant="default" h={44} onClick={() => setAsks("turnOff")}>
            {texts.turnOff}
          </Button>
        </div>
      )}
      {asks && (
        <PasswordQuestion
          key={asks}
          label={texts[asks]}
          error={(asks === "turnOff" ? turnOff : renew).error}
          isPending={renew.isPending || turnOff.isPending}
          onAnswer={answer}
          onCancel={() => setAsks(null)}
        />
      )}
      {!isOn && !begin.data && (
        <div>
          <Button h={44} loading={begin.isPending} onClick={() => begin.mutate()}>
            {texts.setUp}
          </Button>
        </div>
      )}
      {!isOn && begin.data && (
        <SecondFactorSetUp
          beginning={begin.data}
          error={confirm.error}
          isPending={confirm.isPending}
          onCode={(code) =>
            confirm.mutate(code, {
              onSuccess: (fresh) => {
                setCodes(fresh.codes);
                begin.reset();
              },
            })
          }
        />
      )}
    </Panel>
  );
}
