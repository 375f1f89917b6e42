import { Button } from "@mantine/core";

import { Dialog } from "@/components/common/Dialog";
import settings from "@/components/settings/Settings.module.css";
import { signOutTexts } from "@/lib/sign-out-texts";
import { texts } from "@/lib/texts";

/** Asked where answers would be lost. */
export default function SignOutQuestion(props: { unsent: number; onLeave: () => void; onClose: () => void }) {
  return (
    <Dialog title={signOutTexts.title} onClose={props.onClose}>
      <div className={settings.form}>
        <p>{signOutTexts.lead(props.unsent)}</p>
        <div className={settings.buttons}>
          <Button color="red" h={44} onClick={props.onLeave}>
            {texts.shell.signOut}
          </Button>
          <Button variant="default" h={44} onClick={props.onClose}>
            {signOutTexts.stay}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
