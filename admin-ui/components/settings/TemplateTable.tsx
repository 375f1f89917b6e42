import { Button } from "@mantine/core";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { Panel } from "@/components/settings/Panel";
import classes from "@/components/settings/Settings.module.css";
import { useMay } from "@/hooks/useSession";
import { useSyncTemplates, useTemplates } from "@/hooks/useTemplates";
import type { Template } from "@/lib/models";
import { fullTime } from "@/lib/relative-time";
import { settingsTexts as texts } from "@/lib/settings-texts";

export function TemplateTable() {
  const templates = useTemplates();
  const sync = useSyncTemplates();
  const action = useMay("manage_desk") && (
    <Button variant="default" h={44} loading={sync.isPending} onClick={() => sync.mutate()}>
      {texts.syncNow}
    </Button>
  );
  return (
    <Panel title={texts.templates} lead={texts.templatesLead} action={action}>
      <p role="status" className={sync.error ? classes.problem : classes.hint}>
        {sync.error?.message ?? (sync.isSuccess && texts.syncing)}
      </p>
      {!templates.data && !templates.error && <Waiting />}
      {templates.error && <Failure error={templates.error} onRetry={() => void templates.refetch()} />}
      {templates.data?.length === 0 && <p className={classes.lead}>{texts.noTemplates}</p>}
      {templates.data && templates.data.length > 0 && <Templates templates={templates.data} />}
    </Panel>
  );
}

function Templates({ templates }: { templates: Template[] }) {
  const synced = templates
    .map((template) => template.synced_at)
    .sort()
    .at(-1);
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{texts.templateName}</th>
            <th scope="col">{texts.status}</th>
            <th scope="col">{texts.quality}</th>
          </tr>
        </thead>
        <tbody>
          {templates.map((template) => (
            <tr key={`${template.name}-${template.language}`}>
              <td>
                {template.name}
                <span className={classes.hint}>
                  {[template.language, template.category.toLowerCase()].filter(Boolean).join(" · ")}
                </span>
              </td>
              <td data-status={template.status}>
                {texts.statuses[template.status] ?? template.status}
                {template.reason && <span className={classes.hint}>{template.reason}</span>}
              </td>
              <td>
                {template.quality ? (texts.qualities[template.quality] ?? template.quality) : texts.noQuality}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {synced && <p className={classes.hint}>{texts.synced(fullTime(synced))}</p>}
    </>
  );
}
