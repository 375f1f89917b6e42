import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/composer/ReplyForm.module.css";
import { composerTexts } from "@/lib/composer-texts";

interface Props {
  /** Why it cannot be sent as it is. */
  problem?: string | null;
  onSubmit: () => void;
  children: ReactNode;
}

/** The fields of an answer, one below the other, and the button that sends it. The browser names what is missing. */
export function ReplyForm({ problem, onSubmit, children }: Props) {
  function submit(event: FormEvent) {
    event.preventDefault();
    onSubmit();
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      {children}
      <p role="alert" className={classes.problem}>
        {problem}
      </p>
      <Button type="submit" h={44} leftSection={<Icon name="send" />}>
        {composerTexts.send}
      </Button>
    </form>
  );
}
