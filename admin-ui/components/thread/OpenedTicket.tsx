import Head from "next/head";
import { useState } from "react";
import { flushSync } from "react-dom";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { Composer } from "@/components/composer/Composer";
import type { ComposerMode } from "@/components/composer/ComposerModes";
import { ErasedNote } from "@/components/composer/ErasedNote";
import { ChangeProblem } from "@/components/thread/ChangeProblem";
import { GoneTicket } from "@/components/thread/GoneTicket";
import classes from "@/components/thread/OpenedTicket.module.css";
import { ThreadHeader } from "@/components/thread/ThreadHeader";
import { Thread } from "@/components/thread/Thread";
import { TicketDetails } from "@/components/thread/TicketDetails";
import { useIsErased } from "@/hooks/useContact";
import { useDraft } from "@/hooks/useDraft";
import { useLastSeen } from "@/hooks/useLastSeen";
import { useMessages } from "@/hooks/useMessages";
import { useNow } from "@/hooks/useNow";
import { useOutgoingMessages } from "@/hooks/useOutgoingMessages";
import { useSession } from "@/hooks/useSession";
import { useTicketShortcuts } from "@/hooks/useTicketShortcuts";
import { useChangeTicket, useMarkRead, useTicket } from "@/hooks/useTicket";
import { answerWindow } from "@/lib/answer-window";
import { ApiError } from "@/lib/api-error";
import { changeTicketAddress } from "@/lib/change-ticket-address";
import type { Message, Ticket } from "@/lib/models";
import { isLive } from "@/lib/models";
import { texts } from "@/lib/texts";
import type { OutgoingMessage } from "@/lib/thread";
import type { TicketAddress } from "@/lib/ticket-address";
import { listQuery } from "@/lib/ticket-address";
import { nextOf } from "@/lib/ticket-lists";

const NO_MESSAGES: Message[] = [];

interface OpenedTicketProps {
  ticketId: number;
  address: TicketAddress;
  /** The list that it was opened from, as far as it is loaded. */
  listed: readonly Ticket[];
}

/** One ticket: its thread, its details and the answer below. To be keyed by the ticket's id. */
export function OpenedTicket({ ticketId, address, listed }: OpenedTicketProps) {
  const ticket = useTicket(ticketId);
  const messages = useMessages(ticketId);
  const draft = useDraft(ticketId);
  const note = useDraft(ticketId, "note");
  const [mode, setMode] = useState<ComposerMode>("answer");
  const me = useSession().data?.admin;
  const [replyTo, setReplyTo] = useState<Message | null>(null);
  const now = useNow(10_000);
  // The desk's word that a window has closed stands above this device's clock.
  const [refusedUntil, setRefusedUntil] = useState<string | null>(null);
  const lastSeen = useLastSeen(messages.data?.messages ?? NO_MESSAGES, draft.text !== "");
  const answers = useOutgoingMessages(ticketId, lastSeen, (text) => {
    draft.putBack(text);
    setRefusedUntil(ticket.data?.window_expires_at ?? null);
  });
  const isErased = useIsErased(ticket.data?.contact_id);
  const change = useChangeTicket(ticketId);
  const [showsDetails, setShowsDetails] = useState(false);
  useMarkRead(ticket.data);
  const write = (next: ComposerMode) => {
    flushSync(() => setMode(next)); // else the field that leaves would get the focus
    document.querySelector<HTMLElement>("[data-part=composer] textarea")?.focus();
  };
  const resolveAndNext = () => {
    if (!ticket.data || !isLive(ticket.data)) return;
    const next = nextOf(listed, ticketId);
    change.setStatus("RESOLVED", () => changeTicketAddress((now) => ({ ...now, ticketId: next })));
  };
  useTicketShortcuts({
    onAnswer: () => write("answer"),
    onNote: () => write("note"),
    onTake: () => {
      const holder = ticket.data?.assigned_admin_id;
      if (me && holder !== undefined && holder !== me.id) change.assign(me, holder === null);
    },
    onResolve: () => {
      if (ticket.data && isLive(ticket.data)) change.setStatus("RESOLVED");
    },
    onResolveAndNext: resolveAndNext,
  });

  const toList = { pathname: "/support-tickets", query: listQuery(address) };
  if (!ticket.data || !messages.data) {
    if (!ticket.error) return <Waiting />;
    if (ticket.error instanceof ApiError && ticket.error.status === 404) {
      return <GoneTicket ticketId={ticketId} toList={toList} answers={answers} drafts={[draft, note]} />;
    }
    return <Failure error={ticket.error} onRetry={() => void ticket.refetch()} />;
  }
  const quote = (message: Message) => {
    setMode("answer");
    setReplyTo(message);
  };
  const edit = (message: OutgoingMessage) => {
    (message.isNote ? note : draft).putBack(message.text);
    write(message.isNote ? "note" : "answer");
    answers.discard(message);
  };
  const expiresAt = ticket.data.window_expires_at;
  const isRefused = expiresAt !== null && expiresAt === refusedUntil;
  return (
    <div className={classes.opened} data-details={showsDetails}>
      <Head>
        <title>{texts.pageTitle(`${ticket.data.sender_name} ${texts.tickets.number(ticketId)}`)}</title>
      </Head>
      <ThreadHeader
        ticket={ticket.data}
        toList={toList}
        showsDetails={showsDetails}
        onToggleDetails={() => setShowsDetails(!showsDetails)}
        onResolveAndNext={resolveAndNext}
      />
      <ChangeProblem change={change} />
      <Thread ticket={ticket.data} thread={messages.data} answers={answers} onReply={quote} onEdit={edit} />
      {isErased ? (
        <ErasedNote />
      ) : (
        <Composer
          ticketId={ticketId}
          window={isRefused ? { state: "closed" } : answerWindow(expiresAt, now)}
          draft={draft}
          note={note}
          mode={mode}
          onMode={write}
          replyTo={replyTo}
          onCancelReply={() => setReplyTo(null)}
          onSend={answers.send}
        />
      )}
      <TicketDetails ticket={ticket.data} change={change} />
    </div>
  );
}
