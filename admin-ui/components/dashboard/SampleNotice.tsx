import { Button } from "@mantine/core";

import classes from "@/components/dashboard/EmptyDesk.module.css";
import { useSampleData, useSwitchSampleData } from "@/hooks/useSampleData";
import { useMay } from "@/hooks/useSession";
import { dashboardTexts as texts } from "@/lib/dashboard-texts";

/** While samples are in the desk: what they are, and the way to be rid of them. */
export function SampleNotice() {
  const areThere = useSampleData().data?.are_there;
  const mayManage = useMay("manage_desk");
  const change = useSwitchSampleData();
  if (!areThere) return null;
  return (
    <section className={classes.samples} aria-label={texts.samplesHere}>
      <p>{change.error?.message ?? texts.samplesHere}</p>
      {mayManage && (
        <Button variant="default" h={44} loading={change.isPending} onClick={() => change.mutate(false)}>
          {texts.clearSamples}
        </Button>
      )}
    </section>
  );
}
