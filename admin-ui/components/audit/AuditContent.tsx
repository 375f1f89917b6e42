import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";

import { AuditRow } from "@/components/audit/AuditRow";
import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import classes from "@/components/people/People.module.css";
import { Panel } from "@/components/settings/Panel";
import settings from "@/components/settings/Settings.module.css";
import { useAudit } from "@/hooks/useAudit";
import { usePeople } from "@/hooks/usePeople";
import type { AuditAction } from "@/lib/models";
import { peopleTexts as texts } from "@/lib/people-texts";
import type { AuditFilter } from "@/lib/query-keys";

const ACTIONS = Object.entries(texts.actions).map(([value, label]) => ({ value, label }));

export function AuditContent() {
  const [filter, setFilter] = useState<AuditFilter>({});
  const audit = useAudit(filter);
  const people = usePeople();
  const entries = audit.data?.pages.flatMap((page) => page.entries);
  const query = new URLSearchParams(
    Object.entries(filter).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])),
  );
  return (
    <div className={`${settings.page} ${classes.wide}`}>
      <h1 className={settings.title}>{texts.audit}</h1>
      <Panel
        title={texts.entries}
        lead={texts.auditLead}
        action={
          <Button component="a" variant="default" h={44} href={`/api/audit/export?${query}`} download>
            {texts.exportCsv}
          </Button>
        }
      >
        <div className={classes.filters}>
          <NativeSelect
            label={texts.who}
            size="md"
            value={filter.actor_id ?? ""}
            onChange={(event) =>
              setFilter({ ...filter, actor_id: Number(event.currentTarget.value) || undefined })
            }
            data={[
              { value: "", label: texts.anybody },
              ...(people.data?.people ?? []).map(({ id, name }) => ({ value: String(id), label: name })),
            ]}
          />
          <NativeSelect
            label={texts.what}
            size="md"
            value={filter.action ?? ""}
            onChange={(event) =>
              setFilter({ ...filter, action: (event.currentTarget.value || undefined) as AuditAction })
            }
            data={[{ value: "", label: texts.anything }, ...ACTIONS]}
          />
        </div>
        {!entries && !audit.error && <Waiting />}
        {audit.error && <Failure error={audit.error} onRetry={() => void audit.refetch()} />}
        {entries?.length === 0 && <p className={settings.lead}>{texts.noEntries}</p>}
        {entries && (
          <ul className={classes.log}>
            {entries.map((entry) => (
              <AuditRow key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
        {audit.hasNextPage && (
          <Button
            variant="default"
            h={44}
            loading={audit.isFetching}
            onClick={() => void audit.fetchNextPage()}
          >
            {texts.older}
          </Button>
        )}
      </Panel>
    </div>
  );
}
