import { Button, TextInput } from "@mantine/core";
import Link from "next/link";
import type { FormEvent } from "react";

import { Icon } from "@/components/common/Icon";
import { Waiting } from "@/components/common/Waiting";
import classes from "@/components/login/LoginForm.module.css";
import settings from "@/components/settings/Settings.module.css";
import { useAcceptInvite, useInviteOf } from "@/hooks/useAcceptInvite";
import { peopleTexts as texts } from "@/lib/people-texts";

export function AcceptInvite({ token, onJoined }: { token: string; onJoined: () => void }) {
  const invite = useInviteOf(token);
  const accept = useAcceptInvite(token);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    accept.mutate(
      { name: String(given.get("name")), password: String(given.get("password")) },
      { onSuccess: onJoined },
    );
  }

  const problem = token === "" ? texts.noLink : invite.error?.message;
  return (
    <main className={classes.screen}>
      <form className={classes.card} onSubmit={submit}>
        <span className={classes.logo}>
          <Icon name="bubble" size={26} />
        </span>
        <h1 className={classes.title}>{texts.welcome}</h1>
        {!invite.data && !problem && <Waiting />}
        {problem && (
          <>
            <p role="alert" className={settings.problem}>
              {problem}
            </p>
            <Link href="/login">{texts.toLogin}</Link>
          </>
        )}
        {invite.data && (
          <>
            <p className={classes.lead}>
              {texts.welcomeLead(invite.data.business_name, texts.roles[invite.data.role])}
            </p>
            <TextInput
              name="email"
              label={texts.email}
              size="md"
              value={invite.data.email}
              autoComplete="username"
              readOnly
            />
            <TextInput
              name="name"
              label={texts.yourName}
              size="md"
              autoComplete="name"
              maxLength={255}
              required
              withAsterisk={false}
            />
            <TextInput
              name="password"
              type="password"
              label={texts.password}
              description={texts.passwordHint}
              size="md"
              autoComplete="new-password"
              minLength={12}
              required
              withAsterisk={false}
            />
            <p role="alert" className={settings.problem}>
              {accept.error?.message}
            </p>
            <Button type="submit" size="md" fullWidth loading={accept.isPending}>
              {texts.join}
            </Button>
          </>
        )}
      </form>
    </main>
  );
}
