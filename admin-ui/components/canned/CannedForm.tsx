import { Button, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import classes from "@/components/canned/CannedList.module.css";
import { useSession } from "@/hooks/useSession";
import { ApiError } from "@/lib/api-error";
import { filledIn, firstName } from "@/lib/canned-replies";
import { cannedTexts } from "@/lib/canned-texts";
import type { CannedReplyFields } from "@/lib/models";

interface CannedFormProps {
  before?: CannedReplyFields;
  variables: string[];
  error: Error | null;
  isPending: boolean;
  onSave: (fields: CannedReplyFields) => void;
}

export function CannedForm({ before, variables, error, isPending, onSave }: CannedFormProps) {
  const [shortcut, setShortcut] = useState(before?.shortcut ?? "");
  const [title, setTitle] = useState(before?.title ?? "");
  const [text, setText] = useState(before?.text ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const session = useSession().data;
  const wrong = error instanceof ApiError ? error.details : [];
  const wrongIn = (name: string) => wrong.find((each) => each.field === name)?.message;
  const isReady = shortcut.trim() && title.trim() && text.trim();

  function insert(variable: string) {
    const box = field.current;
    if (!box) return;
    box.focus();
    box.setRangeText(`{{${variable}}}`, box.selectionStart, box.selectionEnd, "end");
    setText(box.value);
  }
  const example = filledIn(text, {
    "contact.first_name": firstName(cannedTexts.exampleName),
    "contact.name": cannedTexts.exampleName,
    "agent.name": session?.admin.name ?? "",
    "ticket.id": cannedTexts.exampleTicket,
    "business.name": session?.business_name ?? "",
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ shortcut, title, text });
      }}
    >
      <TextInput
        ref={first}
        label={cannedTexts.shortcut}
        description={cannedTexts.shortcutHint}
        leftSection="/"
        size="md"
        required
        maxLength={41}
        autoComplete="off"
        autoCapitalize="none"
        value={shortcut}
        onChange={(event) => setShortcut(event.currentTarget.value.replace(/^\//, ""))}
        error={wrongIn("shortcut")}
      />
      <TextInput
        label={cannedTexts.name}
        size="md"
        required
        maxLength={120}
        autoComplete="off"
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        error={wrongIn("title")}
      />
      <Textarea
        ref={field}
        classNames={{ input: classes.field }}
        label={cannedTexts.text}
        size="md"
        required
        rows={4}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        error={wrongIn("text")}
      />
      <div role="group" aria-label={cannedTexts.insert} className={classes.variables}>
        {variables.map((variable) => (
          <Button key={variable} variant="default" size="xs" h={44} onClick={() => insert(variable)}>
            {cannedTexts.variables[variable] ?? variable}
          </Button>
        ))}
      </div>
      {text.includes("{{") && (
        <div>
          <p className={classes.label}>{cannedTexts.preview}</p>
          <p className={classes.preview}>{example}</p>
        </div>
      )}
      <p role="alert" className={classes.problem}>
        {error && wrong.length === 0 && error.message}
      </p>
      <div className={classes.ends}>
        <Button type="submit" h={44} loading={isPending} disabled={!isReady}>
          {cannedTexts.save}
        </Button>
      </div>
    </form>
  );
}
