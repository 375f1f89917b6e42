import Link from "next/link";
import { useRouter } from "next/router";

import classes from "@/components/shell/Shell.module.css";
import { useAllOutgoing } from "@/hooks/useOutgoingMessages";
import { texts } from "@/lib/texts";
import type { OutgoingMessage } from "@/lib/thread";

/** Answers in other tickets than the opened one that wait for a way, or for their writer's decision. */
export function UnsentNotice() {
  const { query } = useRouter();
  const elsewhere = useAllOutgoing().filter((one) => String(one.ticket_id) !== query.ticket);
  return (
    <>
      <Notice words={texts.shell.unsent.waiting} unsent={elsewhere.filter((one) => one.isWaiting)} />
      <Notice words={texts.shell.unsent.refused} unsent={elsewhere.filter((one) => one.error !== null)} />
    </>
  );
}

function Notice({ words, unsent }: { words: (n: number) => string; unsent: OutgoingMessage[] }) {
  const tickets = new Set(unsent.map((one) => one.ticket_id));
  return (
    <p className={classes.notice} role="status" data-shown={unsent.length > 0}>
      {unsent.length > 0 && words(unsent.length)}
      {[...tickets].map((id) => (
        <Link key={id} href={`/support-tickets?queue=all&ticket=${id}`}>
          {texts.shell.unsent.ticket(id)}
        </Link>
      ))}
    </p>
  );
}
