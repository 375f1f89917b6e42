import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";

import settings from "@/components/settings/Settings.module.css";
import { profileTexts as texts } from "@/lib/profile-texts";

interface PasswordQuestionProps {
  /** What happens with the right password. */
  label: string;
  error: Error | null;
  isPending: boolean;
  onAnswer: (password: string) => void;
  onCancel: () => void;
}

export function PasswordQuestion({ label, error, isPending, onAnswer, onCancel }: PasswordQuestionProps) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    onAnswer(String(new FormData(event.currentTarget).get("password")));
  }

  return (
    <form className={settings.form} onSubmit={submit}>
      <TextInput
        name="password"
        type="password"
        label={texts.confirmPassword}
        autoComplete="current-password"
        size="md"
        required
        withAsterisk={false}
      />
      <p role="alert" className={settings.problem}>
        {error?.message}
      </p>
      <div className={settings.buttons}>
        <Button type="submit" h={44} loading={isPending}>
          {label}
        </Button>
        <Button variant="default" h={44} onClick={onCancel}>
          {texts.cancel}
        </Button>
      </div>
    </form>
  );
}
