import { useState } from "react";
import type { KeyboardEvent, Ref } from "react";

import { Icon } from "@/components/common/Icon";
import { AttachSheet } from "@/components/phone/AttachSheet";
import classes from "@/components/phone/Composer.module.css";
import { ComposerStrip } from "@/components/phone/ComposerStrip";
import { ContactForm } from "@/components/phone/ContactForm";
import { PlaceForm } from "@/components/phone/PlaceForm";
import { VoiceBar } from "@/components/phone/VoiceBar";
import type { ChosenFile } from "@/hooks/usePhoneActs";
import { useRecorder } from "@/hooks/useRecorder";
import type { NewMessage, PhoneMessage } from "@/lib/phone-client";
import { originOf } from "@/lib/phone-origin";
import type { Origin } from "@/lib/phone-origin";
import { previewOf } from "@/lib/phone-preview";
import { phoneTexts as texts } from "@/lib/phone-texts";

interface Props {
  ref: Ref<HTMLTextAreaElement>;
  quoted: PhoneMessage | null;
  businessName: string;
  error: string | undefined;
  isSending: boolean;
  onStopReplying: () => void;
  onWrite: (message: NewMessage, onFailed?: () => void) => void;
  onSendFile: (file: ChosenFile, rest: Partial<NewMessage>) => void;
}

export function Composer(props: Props) {
  const { ref, quoted, businessName, error, isSending, onStopReplying, onWrite, onSendFile } = props;
  const [text, setText] = useState("");
  const [open, setOpen] = useState<"kinds" | "place" | "contact" | null>(null);
  const [chosen, setChosen] = useState<ChosenFile | null>(null);
  const [origin, setOrigin] = useState<Origin>("own");
  const marks = { reply_to: quoted?.id ?? null, ...originOf(origin) };
  const recorder = useRecorder((file) => onSendFile({ kind: "voice", file, filename: "" }, marks));

  const write = (message: NewMessage, onFailed?: () => void) => {
    setOpen(null);
    setOrigin("own");
    onWrite({ ...marks, ...message } as NewMessage, onFailed);
  };
  const send = () => {
    const words = text.trim();
    if (chosen) {
      onSendFile(chosen, { ...marks, text: words });
      setChosen(null);
      setOrigin("own");
    } else if (words) write({ type: "text", text: words }, () => setText(text));
    else return;
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onStopReplying();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const canSend = Boolean(chosen ?? text.trim());
  const problem = recorder.state === "refused" ? texts.noMicrophone : error;
  return (
    <>
      <form
        className={classes.composer}
        aria-busy={isSending}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {problem && (
          <p className={classes.error} role="alert">
            {problem}
          </p>
        )}
        {quoted && (
          <ComposerStrip
            title={`${texts.replyingTo} ${quoted.author === "customer" ? texts.you : businessName}`}
            text={previewOf(quoted)}
            drop={texts.stopReplying}
            onDrop={onStopReplying}
          />
        )}
        {origin !== "own" && (
          <ComposerStrip
            title={texts.attachment.origins[origin]}
            drop={texts.attachment.origins.own}
            onDrop={() => setOrigin("own")}
          />
        )}
        {chosen && (
          <ComposerStrip
            title={texts.attachment.chosen}
            text={chosen.filename}
            picture={chosen.kind === "image" ? chosen.file : undefined}
            drop={texts.attachment.drop}
            onDrop={() => setChosen(null)}
          />
        )}
        {recorder.state === "recording" ? (
          <VoiceBar recorder={recorder} />
        ) : (
          <div className={classes.row}>
            <div className={classes.field}>
              <button
                type="button"
                className={classes.icon}
                aria-label={texts.attach}
                onClick={() => setOpen("kinds")}
              >
                <Icon name="plus" size={20} />
              </button>
              <textarea
                ref={ref}
                className={classes.input}
                rows={1}
                dir="auto"
                aria-label={texts.write}
                placeholder={chosen ? texts.attachment.caption : texts.write}
                value={text}
                onChange={(event) => setText(event.currentTarget.value)}
                onKeyDown={onKeyDown}
              />
            </div>
            {canSend ? (
              <button type="submit" className={classes.send} aria-label={texts.send}>
                <Icon name="send" />
              </button>
            ) : (
              <button
                type="button"
                className={classes.send}
                aria-label={texts.record}
                onClick={recorder.start}
              >
                <Icon name="microphone" />
              </button>
            )}
          </div>
        )}
      </form>
      {open === "kinds" && (
        <AttachSheet
          origin={origin}
          onOrigin={setOrigin}
          onFile={(file) => {
            setOpen(null);
            setChosen(file);
          }}
          onWrite={write}
          onForm={setOpen}
          onClose={() => setOpen(null)}
        />
      )}
      {open === "place" && <PlaceForm onSend={write} onClose={() => setOpen(null)} />}
      {open === "contact" && <ContactForm onSend={write} onClose={() => setOpen(null)} />}
    </>
  );
}
