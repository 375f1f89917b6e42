import Head from "next/head";
import { useRouter } from "next/router";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { SupportDesk } from "@/components/tickets/SupportDesk";
import { useTickets } from "@/hooks/useTickets";
import { texts } from "@/lib/texts";
import { readTicketAddress } from "@/lib/ticket-address";
import { queueFilter } from "@/lib/ticket-lists";
import type { DeskPage } from "@/pages/_app";

const SupportTicketsPage: DeskPage = () => {
  const { query, isReady } = useRouter();
  const address = readTicketAddress(query);
  const tickets = useTickets(queueFilter(address.queue, address, address.sort));

  if (!isReady) return <Waiting />;
  if (tickets.error && !tickets.data) {
    return <Failure error={tickets.error} onRetry={() => void tickets.refetch()} />;
  }
  return (
    <>
      <Head>
        <title>{texts.pageTitle(texts.tickets.title)}</title>
      </Head>
      <SupportDesk address={address} tickets={tickets} />
    </>
  );
};

export default SupportTicketsPage;
