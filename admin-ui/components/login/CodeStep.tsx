import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef } from "react";
import type { FormEvent } from "react";

import classes from "@/components/login/LoginForm.module.css";
import settings from "@/components/settings/Settings.module.css";
import { profileTexts as texts } from "@/lib/profile-texts";

interface CodeStepProps {
  error: Error | null;
  isPending: boolean;
  onCode: (code: string) => void;
  onBack: () => void;
}

/** The second step of signing in, for an account with a second factor. */
export function CodeStep({ error, isPending, onCode, onBack }: CodeStepProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onCode(String(new FormData(event.currentTarget).get("code")).trim());
  }

  return (
    <main className={classes.screen}>
      <form className={classes.card} onSubmit={submit}>
        <h1 className={classes.title}>{texts.step}</h1>
        <p className={classes.lead}>{texts.stepLead}</p>
        <p role="alert" className={settings.problem}>
          {error?.message}
        </p>
        <TextInput
          ref={input}
          name="code"
          label={texts.stepCode}
          autoComplete="one-time-code"
          size="md"
          maxLength={40}
          required
          withAsterisk={false}
        />
        <Button type="submit" size="md" fullWidth loading={isPending}>
          {texts.stepSubmit}
        </Button>
        <Button variant="default" size="md" fullWidth onClick={onBack}>
          {texts.stepBack}
        </Button>
      </form>
    </main>
  );
}
