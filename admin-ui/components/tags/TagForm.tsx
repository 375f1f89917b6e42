import { Button, TextInput } from "@mantine/core";
import { useState } from "react";

import chip from "@/components/tags/TagChip.module.css";
import classes from "@/components/tags/TagList.module.css";
import type { TagColour } from "@/lib/models";
import { TAG_COLOURS } from "@/lib/models";
import { tagTexts } from "@/lib/tag-texts";

interface TagFormProps {
  name?: string;
  colour?: TagColour;
  error: Error | null;
  isPending: boolean;
  onSave: (fields: { name: string; colour: TagColour }) => void;
}

export function TagForm({ name: before = "", colour: colourBefore = "gray", ...props }: TagFormProps) {
  const [name, setName] = useState(before);
  const [colour, setColour] = useState<TagColour>(colourBefore);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        props.onSave({ name, colour });
      }}
    >
      <TextInput
        label={tagTexts.name}
        size="md"
        required
        maxLength={40}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={props.error?.message}
      />
      <fieldset className={classes.colours}>
        <legend>{tagTexts.colour}</legend>
        {TAG_COLOURS.map((each) => (
          <button
            key={each}
            type="button"
            className={classes.colour}
            aria-label={tagTexts.colours[each]}
            aria-pressed={each === colour}
            onClick={() => setColour(each)}
          >
            <span className={chip.swatch} data-colour={each} />
          </button>
        ))}
      </fieldset>
      <div className={classes.ends}>
        <Button type="submit" h={44} loading={props.isPending} disabled={!name.trim()}>
          {tagTexts.save}
        </Button>
      </div>
    </form>
  );
}
