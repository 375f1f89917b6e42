import { Button, TextInput } from "@mantine/core";

import classes from "@/components/composer/ReplyForm.module.css";
import type { ListChoice } from "@/lib/choice-menus";
import { composerTexts } from "@/lib/composer-texts";

interface ListChoiceFieldsProps {
  number: number;
  choice: ListChoice;
  onChange: (choice: ListChoice) => void;
  onRemove?: () => void;
}

const words = composerTexts.list;

export function ListChoiceFields({ number, choice, onChange, onRemove }: ListChoiceFieldsProps) {
  return (
    <fieldset className={classes.choice}>
      <TextInput
        label={words.choice(number)}
        size="md"
        required
        maxLength={24}
        pattern=".*\S.*"
        value={choice.title}
        onChange={(event) => onChange({ ...choice, title: event.currentTarget.value })}
      />
      <TextInput
        aria-label={words.description(number)}
        placeholder={`${words.description(number)} (${composerTexts.optional})`}
        size="md"
        maxLength={72}
        value={choice.description}
        onChange={(event) => onChange({ ...choice, description: event.currentTarget.value })}
      />
      <TextInput
        aria-label={words.section(number)}
        placeholder={`${words.section(number)} (${composerTexts.optional})`}
        size="md"
        maxLength={24}
        value={choice.section}
        onChange={(event) => onChange({ ...choice, section: event.currentTarget.value })}
      />
      {onRemove && (
        <Button variant="subtle" h={44} onClick={onRemove}>
          {words.remove(number)}
        </Button>
      )}
    </fieldset>
  );
}
