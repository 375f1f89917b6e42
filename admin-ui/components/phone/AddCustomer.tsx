import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import classes from "@/components/phone/CustomerList.module.css";
import type { usePhone } from "@/hooks/usePhone";
import { phoneTexts as texts } from "@/lib/phone-texts";

interface Props {
  add: ReturnType<typeof usePhone>["addCustomer"];
  /** With the id of the new customer, or with nothing when it was called off. */
  onDone: (id?: string) => void;
}

export function AddCustomer({ add, onDone }: Props) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [name, setName] = useState("");
  const [number, setNumber] = useState("");
  const submit = () =>
    add.mutate({ name, number: number.trim() || null }, { onSuccess: (customer) => onDone(customer.id) });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        label={texts.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={80}
        required
        ref={first}
      />
      <TextInput
        label={texts.number}
        description={texts.numberHint}
        placeholder="+234 803 555 0142"
        type="tel"
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
        error={add.error?.message}
      />
      <div className={classes.actions}>
        <Button type="submit" disabled={!name.trim()} loading={add.isPending}>
          {texts.add}
        </Button>
        <Button variant="subtle" color="gray" onClick={() => onDone()}>
          {texts.cancel}
        </Button>
      </div>
    </form>
  );
}
