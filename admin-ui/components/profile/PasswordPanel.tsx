import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";

import { Panel } from "@/components/settings/Panel";
import settings from "@/components/settings/Settings.module.css";
import { useChangePassword } from "@/hooks/useProfile";
import { profileTexts as texts } from "@/lib/profile-texts";

export function PasswordPanel() {
  const change = useChangePassword();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    change.mutate(
      { old: String(given.get("old")), fresh: String(given.get("fresh")) },
      { onSuccess: () => form.reset() },
    );
  }

  return (
    <Panel title={texts.password} lead={texts.passwordLead}>
      <form className={settings.form} onSubmit={submit}>
        <TextInput
          name="old"
          type="password"
          label={texts.oldPassword}
          autoComplete="current-password"
          size="md"
          required
          withAsterisk={false}
        />
        <TextInput
          name="fresh"
          type="password"
          label={texts.newPassword}
          description={texts.passwordHint}
          autoComplete="new-password"
          size="md"
          minLength={12}
          required
          withAsterisk={false}
        />
        <p role="status" className={change.error ? settings.problem : settings.hint}>
          {change.error?.message ?? (change.isSuccess && texts.passwordChanged)}
        </p>
        <div>
          <Button type="submit" h={44} loading={change.isPending}>
            {texts.changePassword}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
