import { Button } from "@mantine/core";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { Panel } from "@/components/settings/Panel";
import classes from "@/components/settings/Settings.module.css";
import { useQuarantine, useReplay } from "@/hooks/useQuarantine";
import type { QuarantinePage } from "@/lib/models";
import { fullTime } from "@/lib/relative-time";
import { settingsTexts as texts } from "@/lib/settings-texts";

/** What WhatsApp delivered and the desk could not understand: kept, and tried again when asked. */
export function QuarantineTable() {
  const quarantine = useQuarantine();
  const replay = useReplay();
  const total = quarantine.data?.total ?? 0;
  const action = total > 0 && (
    <Button variant="default" h={44} loading={replay.isPending} onClick={() => replay.mutate()}>
      {texts.replay}
    </Button>
  );
  return (
    <Panel title={texts.quarantine} lead={texts.quarantineLead} action={action}>
      <p role="status" className={replay.error ? classes.problem : classes.hint}>
        {replay.error?.message ?? (replay.data && texts.replayed(replay.data.replayed))}
      </p>
      {!quarantine.data && !quarantine.error && <Waiting />}
      {quarantine.error && <Failure error={quarantine.error} onRetry={() => void quarantine.refetch()} />}
      {quarantine.data && total === 0 && <p className={classes.lead}>{texts.nothingQuarantined}</p>}
      {quarantine.data && total > 0 && <Events page={quarantine.data} />}
    </Panel>
  );
}

function Events({ page }: { page: QuarantinePage }) {
  return (
    <>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{texts.quarantinedWhat}</th>
            <th scope="col">{texts.quarantinedWhy}</th>
          </tr>
        </thead>
        <tbody>
          {page.events.map((event) => (
            <tr key={event.id}>
              <td>
                {event.kind}
                <span className={classes.hint}>{fullTime(event.received_at)}</span>
              </td>
              <td>{event.error ?? texts.noReason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {page.total > page.events.length && (
        <p className={classes.hint}>{texts.quarantinedMore(page.total - page.events.length)}</p>
      )}
    </>
  );
}
