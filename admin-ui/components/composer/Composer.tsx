import dynamic from "next/dynamic";
import type { DragEvent } from "react";
import { useState } from "react";

import { LatePart } from "@/components/common/LatePart";
import { AttachedFiles } from "@/components/composer/AttachedFiles";
import type { ComposerDialog } from "@/components/composer/AttachMenu";
import classes from "@/components/composer/Composer.module.css";
import type { ComposerMode } from "@/components/composer/ComposerModes";
import { ComposerModes } from "@/components/composer/ComposerModes";
import { NoteLine } from "@/components/composer/NoteLine";
import { Recorder } from "@/components/composer/Recorder";
import { ReplyPreview } from "@/components/composer/ReplyPreview";
import { TemplatesOnly } from "@/components/composer/TemplatesOnly";
import { WindowNote } from "@/components/composer/WindowNote";
import { WordsLine } from "@/components/composer/WordsLine";
import { useAttachments } from "@/hooks/useAttachments";
import type { useDraft } from "@/hooks/useDraft";
import { useRecorder } from "@/hooks/useRecorder";
import type { AnswerWindow } from "@/lib/answer-window";
import { composerTexts } from "@/lib/composer-texts";
import type { Message } from "@/lib/models";
import type { NewReply, OutgoingFile } from "@/lib/thread";
import { repliesFor } from "@/lib/opened-thread";

const ReplyDialog = dynamic(() => import("@/components/composer/ReplyDialog"), {
  ssr: false,
  loading: LatePart,
});

export interface ComposerProps {
  ticketId: number;
  window: AnswerWindow;
  draft: ReturnType<typeof useDraft>;
  note: ReturnType<typeof useDraft>;
  mode: ComposerMode;
  onMode: (mode: ComposerMode) => void;
  /** The message to quote. */
  replyTo: Message | null;
  onCancelReply: () => void;
  onSend: (reply: NewReply) => void;
}

const voiceNote = (voice: Blob): OutgoingFile => ({
  kind: "voice",
  file: voice,
  name: composerTexts.voiceName,
  preview: URL.createObjectURL(voice),
});

/** Where an answer is made, of words, files or one of the other kinds. */
export function Composer(props: ComposerProps) {
  const { ticketId, window, draft, mode, replyTo, onCancelReply, onSend } = props;
  const attachments = useAttachments(ticketId);
  const [dialog, setDialog] = useState<ComposerDialog | null>(null);
  const [isDropping, setIsDropping] = useState(false);
  const isClosed = window.state === "closed";

  const send = (reply: NewReply) => {
    const content = replyTo ? { ...reply.content, reply_to_id: replyTo.id } : reply.content;
    onSend({ ...reply, content });
    onCancelReply();
  };
  const recorder = useRecorder(
    (voice) => send({ text: "", content: {}, file: voiceNote(voice) }),
    (voice) => attachments.put([voiceNote(voice)]),
  );
  // Whatever takes the words' place meanwhile, it does not run on unseen.
  const isRecording = recorder.state === "recording" || recorder.state === "cut";
  const sendWords = (preview_url: boolean) => {
    const [first, ...others] = repliesFor(draft.text.trim(), attachments.files, preview_url);
    if (first) send(first);
    others.forEach(onSend);
    attachments.clear();
    draft.write("");
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsDropping(false);
    if (!isClosed) attachments.add(event.dataTransfer.files);
  };

  return (
    <section
      className={classes.composer}
      data-part="composer"
      data-dropping={isDropping}
      data-mode={mode}
      aria-label={composerTexts.label}
      onDragOver={(event) => {
        event.preventDefault();
        setIsDropping(!isClosed);
      }}
      onDragLeave={() => setIsDropping(false)}
      onDrop={onDrop}
    >
      <ComposerModes mode={mode} onChoose={props.onMode} />
      {mode === "answer" && <WindowNote window={window} />}
      {isDropping && <p className={classes.drop}>{composerTexts.drop}</p>}
      {mode === "note" ? (
        <NoteLine
          draft={props.note}
          onAdd={(text) => onSend({ text, content: {}, file: null, isNote: true })}
        />
      ) : isClosed ? (
        <>
          <AttachedFiles attachments={attachments} />
          <TemplatesOnly draft={draft.text} onChoose={() => setDialog("template")} />
        </>
      ) : (
        <>
          {replyTo && <ReplyPreview message={replyTo} onCancel={onCancelReply} />}
          <AttachedFiles attachments={attachments} />
          {!isRecording && (
            <WordsLine
              ticketId={ticketId}
              draft={draft}
              files={attachments.files}
              recorder={recorder}
              replyToId={replyTo?.id ?? null}
              onFiles={attachments.add}
              onDialog={setDialog}
              onCancelReply={onCancelReply}
              onSend={sendWords}
            />
          )}
        </>
      )}
      {isRecording && <Recorder recorder={recorder} takesFocus={mode === "answer"} />}
      {dialog && (
        <ReplyDialog
          kind={dialog}
          draft={draft.text}
          onClose={() => setDialog(null)}
          onSend={(reply) => {
            setDialog(null);
            if (reply.text !== "" && reply.text === draft.text.trim()) draft.write("");
            send(reply);
          }}
        />
      )}
    </section>
  );
}
