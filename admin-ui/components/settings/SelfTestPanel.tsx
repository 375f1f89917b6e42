import { Button } from "@mantine/core";

import { Panel } from "@/components/settings/Panel";
import classes from "@/components/settings/Settings.module.css";
import { useRunSelfTest, useSelfTest } from "@/hooks/useSelfTest";
import { useMay } from "@/hooks/useSession";
import { dashboardTexts as texts } from "@/lib/dashboard-texts";
import { fullTime } from "@/lib/relative-time";

/** What the connection to WhatsApp still lacks, part by part and in words. */
export function SelfTestPanel() {
  const test = useSelfTest();
  const mayManage = useMay("manage_desk");
  const run = useRunSelfTest();
  const failure = run.error ?? (test.data ? null : test.error);
  return (
    <Panel
      id="self-test"
      title={texts.selfTest}
      lead={texts.selfTestLead}
      action={
        mayManage && (
          <Button variant="default" h={44} loading={run.isPending} onClick={() => run.mutate()}>
            {texts.testNow}
          </Button>
        )
      }
    >
      <p role="status" className={failure ? classes.problem : classes.hint}>
        {failure?.message ?? (run.isSuccess && texts.testing)}
      </p>
      {test.data && (
        <>
          <p className={classes.hint}>
            {test.data.tested_at ? texts.tested(fullTime(test.data.tested_at)) : texts.untested}
          </p>
          <ul className={classes.checks}>
            {test.data.checks.map((check) => (
              <li key={check.name} data-state={check.state}>
                <strong>{texts.parts[check.name] ?? check.name}</strong>
                <span className={classes.checkState}>{texts.states[check.state]}</span>
                <p>{check.words}</p>
                {check.advice && <p className={classes.advice}>{check.advice}</p>}
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
