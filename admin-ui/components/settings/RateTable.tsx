import { Button, TextInput } from "@mantine/core";
import type { FormEvent } from "react";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import { Panel } from "@/components/settings/Panel";
import { RateFields } from "@/components/settings/RateFields";
import classes from "@/components/settings/Settings.module.css";
import { useChangeSettings } from "@/hooks/useSettings";
import type { DeskSettings } from "@/lib/models";
import type { RateDraft } from "@/lib/rates";
import { draftsOf, ratesOf } from "@/lib/rates";
import { settingsTexts as texts } from "@/lib/settings-texts";

interface Typed {
  currency: string;
  drafts: RateDraft[];
}

const asKept = ({ currency, rates }: DeskSettings): Typed => ({ currency, drafts: draftsOf(rates) });

/** What each kind of message costs, as the desk has it until somebody types: a colleague's change undoes no typing. */
export function RateTable({ settings }: { settings: DeskSettings }) {
  const change = useChangeSettings();
  const kept = asKept(settings);
  const [typed, setTyped] = useState<{ now: Typed; before: Typed } | null>(null);
  const { currency, drafts } = typed?.now ?? kept;
  const isOvertaken = typed !== null && JSON.stringify(typed.before) !== JSON.stringify(kept);
  const said = isOvertaken ? texts.ratesOvertaken : typed === null && change.isSuccess && texts.saved;

  function put(changed: Partial<Typed>) {
    setTyped({ now: { currency, drafts, ...changed }, before: typed?.before ?? kept });
  }
  function save(event: FormEvent) {
    event.preventDefault();
    const rates = { currency: currency.toUpperCase(), rates: ratesOf(drafts) };
    change.mutate(rates, {
      onSuccess: (saved) =>
        setTyped((later) => (later === typed ? null : later && { ...later, before: asKept(saved) })),
    });
  }
  return (
    <Panel title={texts.rates} lead={texts.ratesLead}>
      <form className={classes.form} onSubmit={save}>
        <TextInput
          className={classes.currency}
          label={texts.currency}
          description={texts.currencyHint}
          size="md"
          required
          pattern="[A-Za-z]{3}"
          value={currency}
          onChange={(event) => put({ currency: event.currentTarget.value })}
        />
        {drafts.map((draft, index) => (
          <RateFields
            key={index}
            number={index + 1}
            draft={draft}
            onChange={(changed) => put({ drafts: drafts.with(index, changed) })}
            onRemove={() => put({ drafts: drafts.toSpliced(index, 1) })}
          />
        ))}
        <p role="status" className={change.error ? classes.problem : classes.hint}>
          {change.error?.message ?? said}
        </p>
        <div className={classes.buttons}>
          <Button
            variant="default"
            h={44}
            leftSection={<Icon name="plus" />}
            onClick={() => put({ drafts: [...drafts, { category: "", type: "", rate: "" }] })}
          >
            {texts.addRate}
          </Button>
          <Button type="submit" h={44} loading={change.isPending}>
            {texts.saveRates}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
