import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";

import { Panel } from "@/components/settings/Panel";
import settings from "@/components/settings/Settings.module.css";
import { useRename } from "@/hooks/useProfile";
import { profileTexts as texts } from "@/lib/profile-texts";

export function NamePanel({ name, email }: { name: string; email: string }) {
  const rename = useRename();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    rename.mutate(String(new FormData(event.currentTarget).get("name")));
  }

  return (
    <Panel title={texts.name} lead={email}>
      <form className={settings.form} onSubmit={submit}>
        <TextInput
          name="name"
          label={texts.name}
          description={texts.nameHint}
          defaultValue={name}
          autoComplete="name"
          size="md"
          maxLength={255}
          required
          withAsterisk={false}
        />
        <p role="status" className={rename.error ? settings.problem : settings.hint}>
          {rename.error?.message ?? (rename.isSuccess && texts.saved)}
        </p>
        <div>
          <Button type="submit" h={44} loading={rename.isPending}>
            {texts.save}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
