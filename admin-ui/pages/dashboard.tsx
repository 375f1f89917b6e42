import Head from "next/head";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { DashboardContent } from "@/components/dashboard/DashboardContent";
import { useNotifications } from "@/hooks/useNotifications";
import { useTickets } from "@/hooks/useTickets";
import { texts } from "@/lib/texts";
import { NEWEST } from "@/lib/ticket-lists";
import type { DeskPage } from "@/pages/_app";

const NEWEST_SHOWN = 8;

const DashboardPage: DeskPage = () => {
  const notifications = useNotifications();
  const newest = useTickets(NEWEST, NEWEST_SHOWN);
  const error = notifications.error ?? newest.error;

  if (notifications.data && newest.data) {
    return (
      <>
        <Head>
          <title>{texts.pageTitle(texts.dashboard.title)}</title>
        </Head>
        <DashboardContent
          notifications={notifications.data}
          newest={newest.data.tickets.slice(0, NEWEST_SHOWN)}
        />
      </>
    );
  }
  if (error) {
    return (
      <Failure error={error} onRetry={() => void Promise.all([notifications.refetch(), newest.refetch()])} />
    );
  }
  return <Waiting />;
};

export default DashboardPage;
