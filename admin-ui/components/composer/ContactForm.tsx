import { TextInput } from "@mantine/core";
import { useState } from "react";

import type { ReplyFormProps } from "@/components/composer/ReplyDialog";
import { ReplyForm } from "@/components/composer/ReplyForm";
import { composerTexts } from "@/lib/composer-texts";

const words = composerTexts.contact;

export function ContactForm({ onSend }: ReplyFormProps) {
  const [name, setName] = useState("");
  const [phone, setPhone] = useState("");
  return (
    <ReplyForm
      onSubmit={() => onSend({ text: "", content: { contacts: [{ name: name.trim(), phone }] }, file: null })}
    >
      <TextInput
        label={words.name}
        size="md"
        required
        maxLength={255}
        pattern=".*\S.*"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={words.phone}
        size="md"
        type="tel"
        required
        maxLength={40}
        value={phone}
        onChange={(event) => setPhone(event.currentTarget.value)}
      />
    </ReplyForm>
  );
}
