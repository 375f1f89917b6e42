import { Button } from "@mantine/core";
import { useState } from "react";

import classes from "@/components/people/People.module.css";
import { copyText } from "@/lib/copy-text";
import { peopleTexts as texts } from "@/lib/people-texts";

interface ShownOnceProps {
  label: string;
  hint: string;
  value: string;
}

/** A secret that the desk tells one time, with a button to copy it. */
export function ShownOnce({ label, hint, value }: ShownOnceProps) {
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={classes.secret}>
      <strong>{label}</strong>
      <output aria-label={label}>{value}</output>
      <span role="status">{isCopied ? texts.copied : hint}</span>
      <div>
        <Button variant="default" h={44} onClick={() => void copyText(value).then(setCopied)}>
          {texts.copy}
        </Button>
      </div>
    </div>
  );
}
