import { Button, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import { ListChoiceFields } from "@/components/composer/ListChoiceFields";
import type { ReplyFormProps } from "@/components/composer/ReplyDialog";
import { ReplyForm } from "@/components/composer/ReplyForm";
import classes from "@/components/composer/ReplyForm.module.css";
import type { ListChoice } from "@/lib/choice-menus";
import { areDistinct, sectionsOf } from "@/lib/choice-menus";
import { composerTexts } from "@/lib/composer-texts";

const words = composerTexts.list;
const MOST = 10;
const EMPTY: ListChoice = { title: "", description: "", section: "" };

export function ListForm({ draft, onSend }: ReplyFormProps & { draft: string }) {
  const [body, setBody] = useState(draft);
  const [button, setButton] = useState(words.buttonDefault);
  const [choices, setChoices] = useState<ListChoice[]>([EMPTY, EMPTY]);
  const sections = sectionsOf(choices);

  let problem: string | null = null;
  if (!areDistinct(choices.map((choice) => choice.title))) problem = composerTexts.buttons.distinct;
  else if (sections.length > 1 && sections.some((section) => !section.title)) problem = words.sections;

  function submit() {
    if (problem) return;
    const interactive = { type: "list" as const, button: button.trim(), header: "", footer: "", sections };
    onSend({ text: body.trim(), content: { interactive }, file: null });
  }
  return (
    <ReplyForm problem={problem} onSubmit={submit}>
      <Textarea
        label={composerTexts.buttons.body}
        classNames={{ input: classes.body }}
        size="md"
        required
        maxLength={4096}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      <TextInput
        label={words.button}
        size="md"
        required
        maxLength={20}
        pattern=".*\S.*"
        value={button}
        onChange={(event) => setButton(event.currentTarget.value)}
      />
      {choices.map((choice, index) => (
        <ListChoiceFields
          key={index}
          number={index + 1}
          choice={choice}
          onChange={(changed) => setChoices(choices.with(index, changed))}
          onRemove={choices.length > 1 ? () => setChoices(choices.toSpliced(index, 1)) : undefined}
        />
      ))}
      {choices.length < MOST && (
        <Button
          variant="default"
          h={44}
          leftSection={<Icon name="plus" />}
          onClick={() => setChoices([...choices, EMPTY])}
        >
          {words.add}
        </Button>
      )}
    </ReplyForm>
  );
}
