import { Button } from "@mantine/core";

import { HealthEvents } from "@/components/health/HealthEvents";
import classes from "@/components/health/Health.module.css";
import { NumberFacts } from "@/components/health/NumberFacts";
import { useCheckNumbers, useNumberHealth } from "@/hooks/useNumberHealth";
import { useMay } from "@/hooks/useSession";
import { healthTexts as texts } from "@/lib/health-texts";

/** How the business's numbers are doing at WhatsApp, and what it told about them. */
export function NumberHealthCard() {
  const health = useNumberHealth();
  const mayManage = useMay("manage_desk");
  const check = useCheckNumbers();
  const failure = check.error ?? (health.data ? null : health.error);
  return (
    <section className={classes.card} aria-labelledby="number-health">
      <div className={classes.heading}>
        <h2 id="number-health">{texts.title}</h2>
        {mayManage && (
          <Button variant="default" h={44} loading={check.isPending} onClick={() => check.mutate()}>
            {texts.check}
          </Button>
        )}
      </div>
      <p role="status" className={failure ? classes.problem : classes.small}>
        {failure?.message ?? (check.isSuccess && texts.checking)}
      </p>
      {health.data && (
        <>
          {health.data.numbers.length === 0 && <p className={classes.small}>{texts.unchecked}</p>}
          {health.data.numbers.map((number) => (
            <NumberFacts key={number.phone_number_id} number={number} />
          ))}
          {health.data.problems.map((problem) => (
            <p key={problem} className={classes.problem}>
              {problem}
            </p>
          ))}
          <HealthEvents events={health.data.events} />
        </>
      )}
    </section>
  );
}
