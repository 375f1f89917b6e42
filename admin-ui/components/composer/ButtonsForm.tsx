import { Textarea, TextInput } from "@mantine/core";
import { useState } from "react";

import type { ReplyFormProps } from "@/components/composer/ReplyDialog";
import { ReplyForm } from "@/components/composer/ReplyForm";
import classes from "@/components/composer/ReplyForm.module.css";
import { areDistinct, buttonsOf } from "@/lib/choice-menus";
import { composerTexts } from "@/lib/composer-texts";

const words = composerTexts.buttons;

export function ButtonsForm({ draft, onSend }: ReplyFormProps & { draft: string }) {
  const [body, setBody] = useState(draft);
  const [header, setHeader] = useState("");
  const [footer, setFooter] = useState("");
  const [titles, setTitles] = useState(["", "", ""]);
  const problem = areDistinct(titles) ? null : words.distinct;

  function submit() {
    if (problem) return;
    const buttons = buttonsOf(titles);
    onSend({
      text: body.trim(),
      content: { interactive: { type: "button", header, footer, buttons } },
      file: null,
    });
  }
  return (
    <ReplyForm problem={problem} onSubmit={submit}>
      <Textarea
        label={words.body}
        classNames={{ input: classes.body }}
        size="md"
        required
        maxLength={1024}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      {titles.map((title, index) => (
        <TextInput
          key={index}
          label={words.button(index + 1)}
          size="md"
          required={index === 0}
          maxLength={20}
          pattern=".*\S.*"
          value={title}
          onChange={({ currentTarget: { value } }) => setTitles(titles.with(index, value))}
        />
      ))}
      <TextInput
        label={`${words.header} (${composerTexts.optional})`}
        size="md"
        maxLength={60}
        value={header}
        onChange={(event) => setHeader(event.currentTarget.value)}
      />
      <TextInput
        label={`${words.footer} (${composerTexts.optional})`}
        size="md"
        maxLength={60}
        value={footer}
        onChange={(event) => setFooter(event.currentTarget.value)}
      />
    </ReplyForm>
  );
}
