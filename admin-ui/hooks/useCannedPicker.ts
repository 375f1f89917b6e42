import type { KeyboardEvent, RefObject, SyntheticEvent } from "react";
import { useId, useLayoutEffect, useRef, useState } from "react";

import { useCannedReplies } from "@/hooks/useCannedReplies";
import { useContact } from "@/hooks/useContact";
import type { useDraft } from "@/hooks/useDraft";
import { useSession } from "@/hooks/useSession";
import { useTicket } from "@/hooks/useTicket";
import { filledIn, firstName, matchingReplies, slashWords } from "@/lib/canned-replies";
import type { CannedReply } from "@/lib/models";

const NONE: CannedReply[] = [];

/** Offers canned replies while a slash and a part of a name are typed, and puts one in its place. */
export function useCannedPicker(
  ticketId: number,
  draft: ReturnType<typeof useDraft>,
  field: RefObject<HTMLTextAreaElement | null>,
) {
  const id = useId();
  const { data } = useCannedReplies();
  const replies = data?.canned_replies ?? NONE;
  const values = useValues(ticketId);
  const [caret, setCaret] = useState<number | null>(null);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const wanted = useRef<number | null>(null);

  const slash = caret === null ? null : slashWords(draft.text, caret);
  const options = slash && slash.from !== closedAt ? matchingReplies(replies, slash.words) : NONE;
  // By its id: a colleague may add or delete one above it meanwhile.
  const active = options.find((reply) => reply.id === chosen) ?? options[0];
  const isEmpty =
    data !== undefined && replies.length === 0 && slash?.words === "" && slash.from !== closedAt;

  useLayoutEffect(() => {
    if (wanted.current === null) return;
    field.current?.focus();
    field.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  });

  const write = (before: string, after = "") => {
    draft.write(before + after);
    wanted.current = before.length;
    setCaret(before.length);
    setClosedAt(null);
    setChosen(null);
  };
  const filled = (reply: CannedReply) => filledIn(reply.text, values);
  const choose = (reply: CannedReply) => {
    if (!slash || caret === null) return;
    write(draft.text.slice(0, slash.from) + filled(reply), draft.text.slice(caret));
  };
  /** Gives whether the key was meant for the options. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!slash || (!active && !isEmpty) || event.nativeEvent.isComposing) return false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const at = active ? options.indexOf(active) : 0;
    const go = (to: number) => setChosen(options.at(to % options.length)?.id ?? null);
    const acts: Record<string, () => void> = {
      Escape: () => setClosedAt(slash.from),
      ...(active && {
        ArrowDown: () => go(at + 1),
        ArrowUp: () => go(at - 1),
        Enter: () => choose(active),
        Tab: () => choose(active),
      }),
    };
    const act = acts[event.key];
    if (!act) return false;
    event.preventDefault();
    act();
    return true;
  };
  const follow = ({
    currentTarget: { selectionStart, selectionEnd, value },
  }: SyntheticEvent<HTMLTextAreaElement>) => {
    const now = selectionStart === selectionEnd ? selectionStart : null;
    if (now !== caret) setChosen(null);
    setCaret(now);
    if (now === null || slashWords(value, now)?.from !== closedAt) setClosedAt(null);
  };

  return {
    id,
    options,
    active,
    isEmpty,
    filled,
    choose,
    onKeyDown,
    follow,
    leave: () => setCaret(null),
    /** As if a slash had been typed at the end. */
    open: () => write(/(^|\s)$/.test(draft.text) ? `${draft.text}/` : `${draft.text} /`),
  };
}

/** What the variables stand for in an answer on this ticket. Only a name that somebody has is one to greet with. */
function useValues(ticketId: number): Record<string, string> {
  const ticket = useTicket(ticketId).data;
  const contact = useContact(ticket?.contact_id).data;
  const session = useSession().data;
  const name = contact?.name ?? "";
  return {
    "contact.first_name": firstName(name),
    "contact.name": name,
    "agent.name": session?.admin.name ?? "",
    "ticket.id": String(ticketId),
    "business.name": session?.business_name ?? "",
  };
}
