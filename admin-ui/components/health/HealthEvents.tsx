import { Button } from "@mantine/core";

import classes from "@/components/health/Health.module.css";
import { useDismissEvent } from "@/hooks/useNumberHealth";
import { useMay } from "@/hooks/useSession";
import { healthTexts as texts } from "@/lib/health-texts";
import type { NumberHealth } from "@/lib/models";
import { fullTime } from "@/lib/relative-time";

export function HealthEvents({ events }: { events: NumberHealth["events"] }) {
  const mayManage = useMay("manage_desk");
  const dismiss = useDismissEvent();
  if (events.length === 0) return <p className={classes.small}>{texts.noEvents}</p>;
  return (
    <>
      <ul className={classes.events} aria-label={texts.events}>
        {events.map((event) => (
          <li key={event.id} className={classes.event} data-severity={event.severity}>
            <p>
              <span className={classes.severity}>{texts.severities[event.severity]}</span> {event.summary}
              <time className={classes.when} dateTime={event.occurred_at}>
                {fullTime(event.occurred_at)}
              </time>
            </p>
            {mayManage && (
              <Button
                variant="subtle"
                h={44}
                px="sm"
                aria-label={texts.dismissThis(event.summary)}
                disabled={dismiss.isPending && dismiss.variables === event.id}
                onClick={() => dismiss.mutate(event.id)}
              >
                {texts.dismiss}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {dismiss.error && (
        <p role="alert" className={classes.problem}>
          {dismiss.error.message}
        </p>
      )}
    </>
  );
}
