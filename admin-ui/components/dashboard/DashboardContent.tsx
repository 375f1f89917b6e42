import Link from "next/link";

import { EmptyDesk } from "@/components/dashboard/EmptyDesk";
import { OverviewPanels } from "@/components/dashboard/OverviewPanels";
import { SampleNotice } from "@/components/dashboard/SampleNotice";
import { StatusCards } from "@/components/dashboard/StatusCards";
import { SupportAlert } from "@/components/dashboard/SupportAlert";
import { NumberHealthCard } from "@/components/health/NumberHealthCard";
import { TicketRow } from "@/components/tickets/TicketRow";
import classes from "@/components/dashboard/DashboardContent.module.css";
import { useNow } from "@/hooks/useNow";
import type { Notifications, Ticket } from "@/lib/models";
import { texts } from "@/lib/texts";

interface DashboardContentProps {
  notifications: Notifications;
  newest: Ticket[];
}

export function DashboardContent({ notifications, newest }: DashboardContentProps) {
  const now = useNow();
  return (
    <div className={classes.page}>
      <h1 className="visually-hidden">{texts.dashboard.title}</h1>
      <SupportAlert notifications={notifications} />
      <SampleNotice />
      <StatusCards />
      {newest.length === 0 ? (
        <EmptyDesk />
      ) : (
        <>
          <OverviewPanels />
          <section className={classes.newest} aria-labelledby="newest-tickets">
            <div className={classes.heading}>
              <h2 id="newest-tickets">{texts.dashboard.newest}</h2>
              <Link href="/support-tickets?queue=all" className={classes.all}>
                {texts.dashboard.seeAll}
              </Link>
            </div>
            <ul>
              {newest.map((ticket) => (
                <li key={ticket.id}>
                  <TicketRow ticket={ticket} now={now} query={{ queue: "all" }} />
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
      <NumberHealthCard />
    </div>
  );
}
