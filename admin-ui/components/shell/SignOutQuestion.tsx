import { Button } from "@mantine/core";

import { Dialog } from "@/components/common/Dialog";
import settings from "@/components/settings/Settings.module.css";
import { texts } from "@/lib/texts";

/** Asked where answers would be lost. */
export default function SignOutQuestion(props: { unsent: number; onLeave: () => void; onClose: () => void }) {
  return (
    <Dialog title={texts.shell.unsent.leave} onClose={props.onClose}>
      <div className={settings.form}>
        <p>{texts.shell.unsent.leaveWords(props.unsent)}</p>
        <div className={settings.buttons}>
          <Button color="red" h={44} onClick={props.onLeave}>
            {texts.shell.signOut}
          </Button>
          <Button variant="default" h={44} onClick={props.onClose}>
            {texts.shell.unsent.stay}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
