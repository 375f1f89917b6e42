import { Button } from "@mantine/core";
import Link from "next/link";

import { AnsweringSettings } from "@/components/settings/AnsweringSettings";
import { BrowserSettings } from "@/components/settings/BrowserSettings";
import { MonthlyCosts } from "@/components/settings/MonthlyCosts";
import { Panel } from "@/components/settings/Panel";
import { QuarantineTable } from "@/components/settings/QuarantineTable";
import { RateTable } from "@/components/settings/RateTable";
import { SelfTestPanel } from "@/components/settings/SelfTestPanel";
import classes from "@/components/settings/Settings.module.css";
import { TemplateTable } from "@/components/settings/TemplateTable";
import { useMay } from "@/hooks/useSession";
import { cannedTexts } from "@/lib/canned-texts";
import type { DeskSettings } from "@/lib/models";
import { settingsTexts } from "@/lib/settings-texts";

export function SettingsContent({ settings }: { settings: DeskSettings }) {
  const mayManage = useMay("manage_desk");
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{settingsTexts.title}</h1>
      <BrowserSettings />
      {mayManage && <AnsweringSettings settings={settings} />}
      <Panel title={cannedTexts.title} lead={cannedTexts.lead}>
        <Button component={Link} href="/canned-replies" variant="default" h={44} w="fit-content">
          {cannedTexts.manage}
        </Button>
      </Panel>
      <MonthlyCosts />
      {mayManage && <RateTable settings={settings} />}
      <TemplateTable />
      <SelfTestPanel />
      {mayManage && <QuarantineTable />}
    </div>
  );
}
