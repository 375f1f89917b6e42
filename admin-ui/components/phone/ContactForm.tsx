import { Button, TextInput } from "@mantine/core";
import { useState } from "react";

import classes from "@/components/phone/Form.module.css";
import { Sheet } from "@/components/phone/Sheet";
import type { NewMessage } from "@/lib/phone-client";
import { phoneTexts } from "@/lib/phone-texts";

const texts = phoneTexts.contactForm;

interface Props {
  onSend: (message: NewMessage) => void;
  onClose: () => void;
}

export function ContactForm({ onSend, onClose }: Props) {
  const [name, setName] = useState("Ngozi Okoro");
  const [number, setNumber] = useState("+234 805 555 0164");
  return (
    <Sheet title={texts.title} onClose={onClose}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSend({ type: "contacts", cards: [{ name: name.trim(), phones: [number.trim()] }] });
        }}
      >
        <TextInput
          label={texts.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          required
        />
        <TextInput
          label={texts.number}
          type="tel"
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
          maxLength={30}
          required
        />
        <Button type="submit" disabled={!name.trim()}>
          {phoneTexts.send}
        </Button>
      </form>
    </Sheet>
  );
}
