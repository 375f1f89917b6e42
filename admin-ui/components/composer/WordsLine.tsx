import { ActionIcon, Button, Textarea } from "@mantine/core";
import type { ClipboardEvent, FormEvent, KeyboardEvent } from "react";
import { useEffect, useRef, useState } from "react";

import { Icon } from "@/components/common/Icon";
import type { ComposerDialog } from "@/components/composer/AttachMenu";
import { AttachMenu } from "@/components/composer/AttachMenu";
import { CannedOptions } from "@/components/composer/CannedOptions";
import classes from "@/components/composer/Composer.module.css";
import { useCannedPicker } from "@/hooks/useCannedPicker";
import type { useDraft } from "@/hooks/useDraft";
import type { useRecorder } from "@/hooks/useRecorder";
import { useShowWriting } from "@/hooks/useShowPresence";
import { useTyping } from "@/hooks/useTyping";
import { composerTexts } from "@/lib/composer-texts";
import type { FileKind } from "@/lib/file-kind";
import { takesCaption } from "@/lib/file-kind";
import { charactersLeft, isNearLimit } from "@/lib/message-length";
import type { OutgoingFile } from "@/lib/thread";

interface WordsLineProps {
  ticketId: number;
  draft: ReturnType<typeof useDraft>;
  files: OutgoingFile[];
  recorder: ReturnType<typeof useRecorder>;
  replyToId: number | null;
  onFiles: (files: Iterable<File>, kind?: FileKind) => void;
  onDialog: (dialog: ComposerDialog) => void;
  onCancelReply: () => void;
  onSend: (withPreview: boolean) => void;
}

export function WordsLine(props: WordsLineProps) {
  const { draft, files, recorder, replyToId, onSend } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const [withPreview, setWithPreview] = useState(true);
  const colleagues = useShowWriting();
  const showTyping = useTyping(props.ticketId);
  const canned = useCannedPicker(props.ticketId, draft, field);
  const words = draft.text.trim();
  const isCaption = files.some((file) => takesCaption(file.kind)); // with a voice note words go by themselves
  const left = charactersLeft(words, isCaption ? "caption" : "text");
  const isReady = (words !== "" || files.length > 0) && left >= 0;
  const hasLink = files.length === 0 && /https?:\/\//i.test(words);

  useEffect(() => {
    if (replyToId !== null) field.current?.focus();
  }, [replyToId]);

  function send() {
    if (!isReady) return;
    onSend(withPreview && hasLink);
    colleagues.rest();
  }
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    send();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (canned.onKeyDown(event)) return;
    if (event.key === "Escape" && replyToId !== null) props.onCancelReply();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }
  function onPaste(event: ClipboardEvent) {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    props.onFiles(pasted);
  }

  return (
    <form onSubmit={onSubmit}>
      <div className={classes.line}>
        <CannedOptions picker={canned} />
        <AttachMenu onFiles={props.onFiles} onDialog={props.onDialog} onCanned={canned.open} />
        <Textarea
          ref={field}
          className={classes.field}
          classNames={{ input: classes.input }}
          aria-label={composerTexts.words.label}
          aria-describedby="composer-hint"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={canned.active && canned.id}
          aria-activedescendant={canned.active && `${canned.id}-${canned.active.id}`}
          placeholder={isCaption ? composerTexts.caption : composerTexts.words.placeholder}
          rows={1}
          size="md"
          error={left < 0}
          value={draft.text}
          onChange={(event) => {
            draft.write(event.currentTarget.value);
            canned.follow(event);
            if (event.currentTarget.value.trim()) {
              showTyping();
              colleagues.write();
            } else colleagues.rest();
          }}
          onSelect={canned.follow}
          onBlur={canned.leave}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {words === "" && files.length === 0 && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={44}
            aria-label={composerTexts.record}
            loading={recorder.state === "asking"}
            onClick={recorder.start}
          >
            <Icon name="microphone" size={20} />
          </ActionIcon>
        )}
        <Button
          type="submit"
          h={44}
          px="sm"
          aria-disabled={!isReady}
          data-disabled={!isReady || undefined}
          data-unready={!isReady}
        >
          <Icon name="send" />
          <span className={classes.sendWord}>{composerTexts.send}</span>
        </Button>
      </div>
      {recorder.state === "refused" && (
        <p className={classes.problem} role="alert">
          {composerTexts.noMicrophone}
        </p>
      )}
      <div className={classes.hint} id="composer-hint">
        <span className={classes.keys}>{composerTexts.words.hint}</span>
        {hasLink && (
          <label className={classes.preview}>
            <input
              type="checkbox"
              checked={withPreview}
              onChange={(event) => setWithPreview(event.currentTarget.checked)}
            />
            {composerTexts.preview}
          </label>
        )}
        {isNearLimit(left) && (
          <span className={classes.count} data-over={left < 0} aria-live="polite">
            {left < 0 ? composerTexts.words.over(-left) : composerTexts.words.left(left)}
          </span>
        )}
      </div>
    </form>
  );
}
