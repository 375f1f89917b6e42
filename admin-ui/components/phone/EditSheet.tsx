import { Button } from "@mantine/core";
import { useState } from "react";

import classes from "@/components/phone/Form.module.css";
import { Sheet } from "@/components/phone/Sheet";
import { phoneTexts as texts } from "@/lib/phone-texts";

interface Props {
  text: string;
  onSave: (text: string) => void;
  onClose: () => void;
}

export function EditSheet({ text: before, onSave, onClose }: Props) {
  const [text, setText] = useState(before);
  return (
    <Sheet title={texts.editTitle} onClose={onClose}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          if (text.trim() !== before) onSave(text.trim());
        }}
      >
        <textarea
          className={classes.words}
          rows={4}
          dir="auto"
          aria-label={texts.write}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!text.trim()}>
          {texts.save}
        </Button>
      </form>
    </Sheet>
  );
}
