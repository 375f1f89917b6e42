import { Button, NativeSelect, TextInput } from "@mantine/core";
import type { FormEvent } from "react";

import { ShownOnce } from "@/components/common/ShownOnce";
import classes from "@/components/people/People.module.css";
import { Panel } from "@/components/settings/Panel";
import settings from "@/components/settings/Settings.module.css";
import { useInvite, useRevokeInvite } from "@/hooks/usePeople";
import { useMay } from "@/hooks/useSession";
import type { Invite, Role } from "@/lib/models";
import { peopleTexts as texts } from "@/lib/people-texts";
import { fullTime } from "@/lib/relative-time";

export function InvitePanel({ invites }: { invites: Invite[] }) {
  const mayManageEverybody = useMay("manage_everybody");
  const invite = useInvite();
  const revoke = useRevokeInvite();

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    invite.mutate(
      { email: String(given.get("email")).trim(), role: String(given.get("role")) as Role },
      { onSuccess: () => form.reset() },
    );
  }

  const roles: Role[] = mayManageEverybody ? ["agent", "admin", "owner"] : ["agent"];
  return (
    <Panel title={texts.invite} lead={texts.inviteLead}>
      <form className={classes.invite} onSubmit={submit}>
        <TextInput name="email" type="email" label={texts.email} size="md" required withAsterisk={false} />
        <NativeSelect
          name="role"
          label={texts.role}
          size="md"
          data={roles.map((role) => ({ value: role, label: texts.roles[role] }))}
        />
        <Button type="submit" size="md" loading={invite.isPending}>
          {texts.makeLink}
        </Button>
      </form>
      <p role="alert" className={settings.problem}>
        {invite.error?.message ?? revoke.error?.message}
      </p>
      {invite.data && (
        <ShownOnce
          key={invite.data.link}
          label={texts.linkFor(invite.data.invite.email)}
          hint={texts.linkOnce}
          value={invite.data.link}
        />
      )}
      <h3 className={classes.invited}>{texts.invited}</h3>
      {invites.length === 0 && <p className={settings.lead}>{texts.noneInvited}</p>}
      <ul className={classes.rows}>
        {invites.map(({ id, email, role, expires_at }) => (
          <li key={id} className={classes.row}>
            <span className={classes.who}>
              {email}
              <span className={settings.hint}>
                {texts.roles[role]} · {texts.until(fullTime(expires_at))}
              </span>
            </span>
            {roles.includes(role) && (
              <Button
                variant="default"
                h={44}
                aria-label={texts.revokeOf(email)}
                onClick={() => revoke.mutate(id)}
              >
                {texts.revoke}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
