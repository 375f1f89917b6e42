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

/** What each kind of message costs. To be keyed by the rates, so that a change from elsewhere shows. */
export function RateTable({ settings }: { settings: DeskSettings }) {
  const change = useChangeSettings();
  const [currency, setCurrency] = useState(settings.currency);
  const [drafts, setDrafts] = useState<RateDraft[]>(draftsOf(settings.rates));

  function save(event: FormEvent) {
    event.preventDefault();
    change.mutate({ currency: currency.toUpperCase(), rates: ratesOf(drafts) });
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
          onChange={(event) => setCurrency(event.currentTarget.value)}
        />
        {drafts.map((draft, index) => (
          <RateFields
            key={index}
            number={index + 1}
            draft={draft}
            onChange={(changed) => setDrafts(drafts.with(index, changed))}
            onRemove={() => setDrafts(drafts.toSpliced(index, 1))}
          />
        ))}
        <p role="status" className={change.error ? classes.problem : classes.hint}>
          {change.error?.message ?? (change.isSuccess && texts.saved)}
        </p>
        <div className={classes.buttons}>
          <Button
            variant="default"
            h={44}
            leftSection={<Icon name="plus" />}
            onClick={() => setDrafts([...drafts, { category: "", type: "", rate: "" }])}
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
