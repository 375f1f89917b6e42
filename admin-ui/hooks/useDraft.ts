import { useEffect, useState } from "react";

import { useSession } from "@/hooks/useSession";
import { kept } from "@/lib/kept";

/**
 * What was begun to be written, kept until it is sent or its writer signs out. For a component that stays with one
 * ticket, or with one customer.
 */
export function useDraft(ofId: number, kind: "draft" | "note" | "contact-note" = "draft") {
  const me = useSession().data?.admin.id ?? 0;
  const name = `${kind}-${ofId}`;
  const [text, setText] = useState(() => kept.read(me, name));
  // A second tab on the same ticket shows the same words: what one has sent must not wait in the other for another Send.
  useEffect(
    () => kept.onChanged(me, name, (before, after) => setText((now) => (now === before ? after : now))),
    [me, name],
  );
  const write = (next: string) => {
    setText(next);
    kept.write(me, name, next);
  };
  return {
    text,
    write,
    /** Puts words back that could not be sent, before what was typed since. */
    putBack: (words: string) => write([words, kept.read(me, name)].filter(Boolean).join("\n")),
  };
}
