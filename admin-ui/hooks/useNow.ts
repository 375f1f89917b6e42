import { useEffect, useState } from "react";

import { deskClock } from "@/lib/desk-clock";

/** The desk's time, redrawn often enough for "5 min" to stay true. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(() => deskClock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(deskClock.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
