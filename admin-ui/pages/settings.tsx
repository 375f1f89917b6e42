import Head from "next/head";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { SettingsContent } from "@/components/settings/SettingsContent";
import { useSettings } from "@/hooks/useSettings";
import { settingsTexts } from "@/lib/settings-texts";
import { texts } from "@/lib/texts";
import type { DeskPage } from "@/pages/_app";

const SettingsPage: DeskPage = () => {
  const settings = useSettings();
  if (settings.data) {
    return (
      <>
        <Head>
          <title>{texts.pageTitle(settingsTexts.title)}</title>
        </Head>
        <SettingsContent settings={settings.data} />
      </>
    );
  }
  if (settings.error) return <Failure error={settings.error} onRetry={() => void settings.refetch()} />;
  return <Waiting />;
};

export default SettingsPage;
