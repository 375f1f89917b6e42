import { Dialog } from "@/components/common/Dialog";
import type { ComposerDialog } from "@/components/composer/AttachMenu";
import { ButtonsForm } from "@/components/composer/ButtonsForm";
import { ContactForm } from "@/components/composer/ContactForm";
import { ListForm } from "@/components/composer/ListForm";
import { LocationForm } from "@/components/composer/LocationForm";
import { TemplatePicker } from "@/components/templates/TemplatePicker";
import { composerTexts } from "@/lib/composer-texts";
import type { NewReply } from "@/lib/thread";

/** What every form of another kind of answer gets. */
export interface ReplyFormProps {
  onSend: (reply: NewReply) => void;
}

interface ReplyDialogProps extends ReplyFormProps {
  kind: ComposerDialog;
  /** What is written already becomes the words above buttons and lists. */
  draft: string;
  onClose: () => void;
}

/** The forms for all that is neither words nor a file. */
export default function ReplyDialog({ kind, draft, onClose, onSend }: ReplyDialogProps) {
  return (
    <Dialog
      title={composerTexts[kind].title}
      onClose={onClose}
      size={kind === "template" ? "large" : "small"}
    >
      {kind === "location" && <LocationForm onSend={onSend} />}
      {kind === "contact" && <ContactForm onSend={onSend} />}
      {kind === "buttons" && <ButtonsForm draft={draft} onSend={onSend} />}
      {kind === "list" && <ListForm draft={draft} onSend={onSend} />}
      {kind === "template" && <TemplatePicker onSend={onSend} />}
    </Dialog>
  );
}
