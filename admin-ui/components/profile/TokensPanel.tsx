import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";

import { ShownOnce } from "@/components/common/ShownOnce";
import people from "@/components/people/People.module.css";
import { Panel } from "@/components/settings/Panel";
import settings from "@/components/settings/Settings.module.css";
import { useCreateToken, useRevokeToken } from "@/hooks/useProfile";
import type { Profile } from "@/lib/models";
import { profileTexts as texts } from "@/lib/profile-texts";
import { fullTime } from "@/lib/relative-time";

export function TokensPanel({ tokens }: { tokens: Profile["tokens"] }) {
  const create = useCreateToken();
  const revoke = useRevokeToken();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    create.mutate(String(new FormData(form).get("name")), { onSuccess: () => form.reset() });
  }

  return (
    <Panel title={texts.tokens} lead={texts.tokensLead}>
      <form className={settings.form} onSubmit={submit}>
        <TextInput
          name="name"
          label={texts.tokenName}
          size="md"
          maxLength={255}
          required
          withAsterisk={false}
        />
        <div>
          <Button type="submit" h={44} loading={create.isPending}>
            {texts.makeToken}
          </Button>
        </div>
      </form>
      <p role="alert" className={settings.problem}>
        {create.error?.message ?? revoke.error?.message}
      </p>
      {create.data && (
        <ShownOnce
          key={create.data.text}
          label={`${texts.token}: ${create.data.token.name}`}
          hint={texts.tokenOnce}
          value={create.data.text}
        />
      )}
      {tokens.length === 0 && <p className={settings.lead}>{texts.noTokens}</p>}
      <ul className={people.rows}>
        {tokens.map(({ id, name, last_used_at }) => (
          <li key={id} className={people.row}>
            <span className={people.who}>
              {name}
              <span className={settings.hint}>
                {last_used_at ? texts.usedAt(fullTime(last_used_at)) : texts.neverUsed}
              </span>
            </span>
            <Button
              variant="default"
              h={44}
              aria-label={texts.revokeTokenOf(name)}
              onClick={() => revoke.mutate(id)}
            >
              {texts.revokeToken}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
