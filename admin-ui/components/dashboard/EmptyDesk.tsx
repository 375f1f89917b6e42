import { Button } from "@mantine/core";
import Link from "next/link";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/dashboard/EmptyDesk.module.css";
import { useSwitchSampleData } from "@/hooks/useSampleData";
import { useMay, useSession } from "@/hooks/useSession";
import { dashboardTexts as texts } from "@/lib/dashboard-texts";

/** The first day: three steps, each with its button, and samples for who wants to look around first. */
export function EmptyDesk() {
  const isSimulated = useSession().data?.simulator ?? false;
  const mayInvite = useMay("manage_people");
  const mayManage = useMay("manage_desk");
  const samples = useSwitchSampleData();
  const { steps } = texts;
  return (
    <section className={classes.panel} aria-labelledby="empty-desk">
      <h2 id="empty-desk" className={classes.title}>
        {texts.firstTitle}
      </h2>
      <ol className={classes.steps}>
        <li>
          <div>
            <h3>{steps.phone}</h3>
            <p className={classes.lead}>{isSimulated ? steps.phoneSimulated : steps.phoneReal}</p>
            {isSimulated && (
              <Button
                component="a"
                href="/simulator/"
                target="_blank"
                h={44}
                leftSection={<Icon name="phone" />}
              >
                {steps.phoneButton}
              </Button>
            )}
          </div>
        </li>
        <li>
          <div>
            <h3>{steps.colleague}</h3>
            <p className={classes.lead}>{steps.colleagueWords}</p>
            {mayInvite && (
              <Button component={Link} href="/people" h={44} variant="default">
                {steps.colleagueButton}
              </Button>
            )}
          </div>
        </li>
        <li>
          <div>
            <h3>{steps.connect}</h3>
            <p className={classes.lead}>{steps.connectWords}</p>
            <Button component={Link} href="/settings#self-test" h={44} variant="default">
              {steps.connectButton}
            </Button>
          </div>
        </li>
      </ol>
      {mayManage && (
        <>
          <p className={classes.lead}>{texts.samples}</p>
          <Button variant="default" h={44} loading={samples.isPending} onClick={() => samples.mutate(true)}>
            {texts.addSamples}
          </Button>
        </>
      )}
      <p role="alert" className={classes.problem}>
        {samples.error?.message}
      </p>
    </section>
  );
}
