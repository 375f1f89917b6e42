import { Alert, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { FormEvent } from "react";

import { Icon } from "@/components/common/Icon";
import { CodeStep } from "@/components/login/CodeStep";
import classes from "@/components/login/LoginForm.module.css";
import { useSignIn } from "@/hooks/useSession";
import { ApiError } from "@/lib/api-error";
import { loginTexts } from "@/lib/login-texts";
import { texts } from "@/lib/texts";

export function LoginForm({ onSignedIn }: { onSignedIn: () => void }) {
  const signIn = useSignIn();
  /** What was right, while the code is still to come; it is kept nowhere else. */
  const [halfway, setHalfway] = useState<{ email: string; password: string } | null>(null);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = { email: String(form.get("email")).trim(), password: String(form.get("password")) };
    signIn.mutate(given, {
      onSuccess: onSignedIn,
      onError: (error) => {
        if (!(error instanceof ApiError) || error.code !== "code_needed") return;
        signIn.reset();
        setHalfway(given);
      },
    });
  }

  if (halfway) {
    return (
      <CodeStep
        error={signIn.error}
        isPending={signIn.isPending}
        onCode={(code) => signIn.mutate({ ...halfway, code }, { onSuccess: onSignedIn })}
        onBack={() => {
          signIn.reset();
          setHalfway(null);
        }}
      />
    );
  }

  const isTooMany = signIn.error instanceof ApiError && signIn.error.status === 429;
  return (
    <main className={classes.screen}>
      <form className={classes.card} onSubmit={submit}>
        <span className={classes.logo}>
          <Icon name="bubble" size={26} />
        </span>
        <h1 className={classes.title}>{texts.productName}</h1>
        <p className={classes.lead}>{loginTexts.lead}</p>
        <div className={classes.problem} role="alert">
          {signIn.error && (
            <Alert color="red" title={isTooMany ? loginTexts.tooMany : loginTexts.failed} role="presentation">
              {signIn.error.message}
            </Alert>
          )}
        </div>
        <TextInput
          name="email"
          type="email"
          label={loginTexts.email}
          autoComplete="username"
          size="md"
          required
          withAsterisk={false}
        />
        <TextInput
          name="password"
          type="password"
          label={loginTexts.password}
          autoComplete="current-password"
          size="md"
          required
          withAsterisk={false}
        />
        <Button type="submit" size="md" fullWidth loading={signIn.isPending} mt="xs">
          {loginTexts.submit}
        </Button>
      </form>
    </main>
  );
}
