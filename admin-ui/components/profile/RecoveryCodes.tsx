import { Button } from "@mantine/core";

import classes from "@/components/profile/Profile.module.css";
import { profileTexts as texts } from "@/lib/profile-texts";

export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  return (
    <>
      <h3>{texts.recovery}</h3>
      <p>{texts.recoveryLead}</p>
      <ol className={classes.codes} aria-label={texts.recovery}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div>
        <Button h={44} onClick={onKept}>
          {texts.kept}
        </Button>
      </div>
    </>
  );
}
