import Link from "next/link";
import { useRouter } from "next/router";
import type { ReactNode } from "react";

import { Icon } from "@/components/common/Icon";
import { DeliveryBanner } from "@/components/health/DeliveryBanner";
import { Keyboard } from "@/components/keyboard/Keyboard";
import { AlertBanner } from "@/components/shell/AlertBanner";
import { ColorSchemeToggle } from "@/components/shell/ColorSchemeToggle";
import { ConnectionIndicator } from "@/components/shell/ConnectionIndicator";
import { MainNavigation } from "@/components/shell/MainNavigation";
import classes from "@/components/shell/Shell.module.css";
import { SignOutButton } from "@/components/shell/SignOutButton";
import { UnsentNotice } from "@/components/shell/UnsentNotice";
import { useShowPresence } from "@/hooks/useShowPresence";
import { useUnreadMark } from "@/hooks/useUnreadMark";
import { useArrivals } from "@/hooks/useArrivals";
import { useOwner } from "@/hooks/useOwner";
import { useOutgoingQueue } from "@/hooks/useOutgoingMessages";
import type { ConnectionState } from "@/lib/event-stream";
import type { Session } from "@/lib/models";
import { texts } from "@/lib/texts";
import { readTicketAddress } from "@/lib/ticket-address";

interface ShellProps {
  session: Session;
  connection: ConnectionState;
  children: ReactNode;
}

export function Shell({ session, connection, children }: ShellProps) {
  const { pathname, query } = useRouter();
  useOwner(session.admin.id);
  useShowPresence(pathname === "/support-tickets" ? readTicketAddress(query).ticketId : undefined);
  useUnreadMark();
  useArrivals(session.admin.id);
  useOutgoingQueue(session.admin.id, connection);
  return (
    <div className={classes.shell} data-in-thread={query.ticket !== undefined}>
      <a className={classes.skip} href="#content">
        {texts.shell.skip}
      </a>
      <header className={classes.header}>
        <span className={classes.brand}>
          <span className={classes.logo}>
            <Icon name="bubble" size={20} />
          </span>
          <span className={classes.names}>
            <span className={classes.product}>{texts.productName}</span>
            <span className={classes.business}>{session.business_name}</span>
          </span>
        </span>
        <MainNavigation />
        <div className={classes.tools}>
          <ConnectionIndicator state={connection} />
          <Link
            href="/profile"
            className={classes.admin}
            title={texts.shell.signedInAs(session.admin.name)}
            aria-label={texts.shell.profileOf(session.admin.name)}
          >
            <Icon name="person" />
            <span className={classes.adminName}>{session.admin.name}</span>
          </Link>
          <ColorSchemeToggle />
          <span className={classes.signOut}>
            <SignOutButton />
          </span>
        </div>
      </header>
      <div className={classes.notices}>
        <p className={classes.notice} role="status" data-shown={connection === "down"}>
          {connection === "down" && texts.shell.connectionLost}
        </p>
        <UnsentNotice />
      </div>
      <DeliveryBanner />
      <AlertBanner />
      <main id="content" className={classes.main} tabIndex={-1}>
        {children}
      </main>
      <Keyboard />
    </div>
  );
}
