import { TextInput } from "@mantine/core";
import { useState } from "react";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { CostTable } from "@/components/settings/CostTable";
import { Panel } from "@/components/settings/Panel";
import classes from "@/components/settings/Settings.module.css";
import { useCosts } from "@/hooks/useCosts";
import { settingsTexts as texts } from "@/lib/settings-texts";

const MONTH = /^20\d\d-(0[1-9]|1[0-2])$/;

function thisMonth(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}`;
}

/** What WhatsApp charges for the messages of a month, as far as the rates are known. */
export function MonthlyCosts() {
  const [month, setMonth] = useState(thisMonth);
  const costs = useCosts(month);
  return (
    <Panel title={texts.costs} lead={texts.costsLead}>
      <TextInput
        className={classes.month}
        type="month"
        label={texts.month}
        size="md"
        defaultValue={month}
        onChange={({ currentTarget: { value } }) => MONTH.test(value) && setMonth(value)}
      />
      {costs.data && <CostTable costs={costs.data} />}
      {!costs.data && costs.error && <Failure error={costs.error} onRetry={() => void costs.refetch()} />}
      {!costs.data && !costs.error && <Waiting />}
    </Panel>
  );
}
