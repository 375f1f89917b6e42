import { useEffect } from "react";

import { useIsPageVisible } from "@/hooks/useIsPageVisible";
import { api } from "@/lib/api-client";
import { ALIVE_MS, PresenceSigns } from "@/lib/presence-signs";

/** This dashboard's own sign; a ticket out of sight is not looked at. */
const signs = new PresenceSigns(api.givePresence);

/** Says that somebody is at the desk, and which ticket they look at. Once, in the shell. */
export function useShowPresence(ticketId: number | undefined): void {
  const isVisible = useIsPageVisible();
  const shown = isVisible ? (ticketId ?? null) : null;
  useEffect(() => signs.show(shown), [shown]);
  useEffect(() => {
    const timer = setInterval(() => signs.tell(), ALIVE_MS);
    const leave = () => void signs.leave();
    window.addEventListener("pagehide", leave);
    return () => {
      clearInterval(timer);
      window.removeEventListener("pagehide", leave);
      void signs.leave();
    };
  }, []);
}

/** Tells colleagues that an answer is being written, and that it is no more. */
export function useShowWriting(): { write: () => void; rest: () => void } {
  useEffect(() => () => signs.rest(), []);
  return { write: () => signs.write(), rest: () => signs.rest() };
}

/** To be waited for by whoever signs out: afterwards this browser has no say. */
export const leaveTheDesk = () => signs.leave();
