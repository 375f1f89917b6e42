import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";

import classes from "@/components/profile/Profile.module.css";
import settings from "@/components/settings/Settings.module.css";
import { profileTexts as texts } from "@/lib/profile-texts";

interface SecondFactorSetUpProps {
  beginning: { secret: string; picture: string };
  error: Error | null;
  isPending: boolean;
  onCode: (code: string) => void;
}

export function SecondFactorSetUp({ beginning, error, isPending, onCode }: SecondFactorSetUpProps) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onCode(String(new FormData(event.currentTarget).get("code")).trim());
  }

  return (
    <form className={settings.form} onSubmit={submit}>
      <p>{texts.scan}</p>
      {/* eslint-disable-next-line @next/next/no-img-element -- drawn by the desk, in the answer itself */}
      <img className={classes.picture} src={beginning.picture} alt={texts.picture} width={220} height={220} />
      <p>
        {texts.key} <code className={classes.key}>{beginning.secret}</code>
      </p>
      <TextInput
        name="code"
        label={texts.code}
        inputMode="numeric"
        autoComplete="one-time-code"
        size="md"
        maxLength={10}
        required
        withAsterisk={false}
      />
      <p role="alert" className={settings.problem}>
        {error?.message}
      </p>
      <div>
        <Button type="submit" h={44} loading={isPending}>
          {texts.turnOn}
        </Button>
      </div>
    </form>
  );
}
