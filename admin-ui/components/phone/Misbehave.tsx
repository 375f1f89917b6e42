import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";

import classes from "@/components/phone/Form.module.css";
import type { Misbehaviour } from "@/lib/phone-client";
import { fromForm, GOOD_BEHAVIOUR, SEND_ERRORS, toForm } from "@/lib/phone-misbehaviour";
import type { FileProblem, MisbehaviourForm, Outcome } from "@/lib/phone-misbehaviour";
import { phoneTexts } from "@/lib/phone-texts";

const texts = phoneTexts.misbehave;

const TIMES = [
  { value: "", label: texts.always },
  { value: "1", label: texts.once },
  { value: "3", label: texts.thrice },
];

interface Props {
  current: Misbehaviour;
  onApply: (orders: Misbehaviour) => void;
}

export function Misbehave({ current, onApply }: Props) {
  const [form, setForm] = useState(() => toForm(current));
  const set = (part: Partial<MisbehaviourForm>) => setForm((now) => ({ ...now, ...part }));
  const number = (
    key: "delay" | "duplicates" | "reorder" | "webhookDelay" | "fileDelay",
    label: string,
    max: number,
  ) => (
    <TextInput
      type="number"
      inputMode="numeric"
      min={0}
      max={max}
      label={label}
      value={form[key]}
      onChange={(event) => set({ [key]: event.currentTarget.value })}
    />
  );
  const howOften = (key: "times" | "fileTimes") => (
    <NativeSelect
      label={texts.times}
      value={form[key]}
      onChange={(event) => set({ [key]: event.currentTarget.value })}
      data={TIMES}
    />
  );
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onApply(fromForm(form));
      }}
    >
      <p className={classes.lead}>{texts.lead}</p>
      <fieldset className={classes.part}>
        <legend className={classes.legend}>{texts.sends}</legend>
        <NativeSelect
          label={texts.outcome}
          value={form.outcome}
          onChange={(event) => set({ outcome: event.currentTarget.value as Outcome })}
          data={Object.entries(texts.outcomes).map(([value, label]) => ({ value, label }))}
        />
        {form.outcome === "code" && (
          <NativeSelect
            label={texts.code}
            value={form.code}
            onChange={(event) => set({ code: event.currentTarget.value })}
            data={SEND_ERRORS.map(([value, label]) => ({ value, label: `${value} · ${label}` }))}
          />
        )}
        <div className={classes.pair}>
          {number("delay", texts.delay, 120)}
          {howOften("times")}
        </div>
      </fieldset>
      <fieldset className={classes.part}>
        <legend className={classes.legend}>{texts.webhooks}</legend>
        <div className={classes.pair}>
          {number("duplicates", texts.duplicates, 20)}
          {number("reorder", texts.reorder, 100)}
        </div>
        {number("webhookDelay", texts.webhookDelay, 600)}
        <label className={classes.check}>
          <input
            type="checkbox"
            checked={form.hold}
            onChange={(event) => set({ hold: event.currentTarget.checked })}
          />
          {texts.hold}
        </label>
      </fieldset>
      <fieldset className={classes.part}>
        <legend className={classes.legend}>{texts.files}</legend>
        <NativeSelect
          label={texts.fileProblem}
          value={form.fileProblem}
          onChange={(event) => set({ fileProblem: event.currentTarget.value as FileProblem })}
          data={Object.entries(texts.fileProblems).map(([value, label]) => ({ value, label }))}
        />
        <div className={classes.pair}>
          {number("fileDelay", texts.fileDelay, 120)}
          {howOften("fileTimes")}
        </div>
      </fieldset>
      <div className={classes.actions}>
        <Button type="submit">{texts.apply}</Button>
        <Button variant="default" onClick={() => onApply(GOOD_BEHAVIOUR)}>
          {texts.stop}
        </Button>
      </div>
    </form>
  );
}
