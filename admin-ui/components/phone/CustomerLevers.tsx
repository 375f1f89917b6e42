import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";

import classes from "@/components/phone/Form.module.css";
import type { usePhoneActs } from "@/hooks/usePhoneActs";
import type { PhoneThread } from "@/lib/phone-client";
import { phoneTexts } from "@/lib/phone-texts";

const texts = phoneTexts.customer;
/** From now to a week; a key that is a whole number would be sorted before the others. */
const TIMES = Object.entries(texts.times)
  .map(([value, label]) => ({ value, label }))
  .sort((a, b) => Number(a.value) - Number(b.value));

interface Props {
  threads: PhoneThread[];
  /** Whose chat is open. */
  chosenId: string | undefined;
  acts: ReturnType<typeof usePhoneActs>;
}

/** Time, the number, and the business's other hand: for one customer. */
export function CustomerLevers({ threads, chosenId, acts }: Props) {
  const [id, setId] = useState(chosenId);
  const [number, setNumber] = useState("");
  const [words, setWords] = useState("");
  const customer = (threads.find((thread) => thread.customer.id === id) ?? threads[0])?.customer;
  if (!customer) return null;
  return (
    <div className={classes.form}>
      <NativeSelect
        label={texts.who}
        value={customer.id}
        data={threads.map((thread) => ({ value: thread.customer.id, label: thread.customer.name }))}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <fieldset className={classes.part}>
        <legend className={classes.legend}>{texts.time}</legend>
        <p className={classes.lead}>{texts.timeLead}</p>
        <NativeSelect
          label={texts.hours}
          value={String(customer.hours_behind)}
          data={TIMES}
          onChange={(event) => acts.setClock(customer.id, Number(event.currentTarget.value))}
        />
      </fieldset>
      <fieldset className={classes.part}>
        <legend className={classes.legend}>{texts.number}</legend>
        <form
          className={classes.line}
          onSubmit={(event) => {
            event.preventDefault();
            acts.changeNumber(customer.id, number);
            setNumber("");
          }}
        >
          <TextInput
            label={texts.newNumber}
            type="tel"
            placeholder="+234 803 555 0199"
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
            required
          />
          <Button type="submit">{texts.change}</Button>
        </form>
        {customer.phone_number && (
          <Button variant="default" onClick={() => acts.changeNumber(customer.id, null)}>
            {texts.hide}
          </Button>
        )}
      </fieldset>
      <fieldset className={classes.part}>
        <legend className={classes.legend}>{texts.colleague}</legend>
        <p className={classes.lead}>{texts.echoLead}</p>
        <form
          className={classes.line}
          onSubmit={(event) => {
            event.preventDefault();
            acts.echo(customer.id, words.trim());
            setWords("");
          }}
        >
          <TextInput
            label={texts.echoLabel}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            maxLength={4096}
            required
          />
          <Button type="submit">{texts.echo}</Button>
        </form>
      </fieldset>
    </div>
  );
}
