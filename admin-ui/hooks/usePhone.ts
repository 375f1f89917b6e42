import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";

import { applyChange, PHONE_KEY } from "@/lib/phone-cache";
import { phone } from "@/lib/phone-client";
import { isMisbehaving } from "@/lib/phone-misbehaviour";
import type { Misbehaviour, NewMessage, PhoneChange, PhoneState } from "@/lib/phone-client";

const POLL_MS = 3_000;
const REOPEN_MS = 3_000;
/** WhatsApp takes the word away after so long, if no message has come. */
const TYPING_MS = 25_000;

/** The practice phone: live by its event stream, and where that cannot get through by asking every 3 s. */
export function usePhone() {
  const cache = useQueryClient();
  const [typing, setTyping] = useState<Record<string, number>>({});
  const refresh = useCallback(() => void cache.invalidateQueries({ queryKey: PHONE_KEY }), [cache]);
  const apply = useCallback(
    (change: PhoneChange) => {
      cache.setQueryData<PhoneState>(PHONE_KEY, (state) => state && applyChange(state, change));
    },
    [cache],
  );

  const onChange = useCallback(
    (change: PhoneChange) => {
      if (change.type === "reset") return refresh();
      apply(change);
      const id = change.customer?.id;
      if (!id) return;
      if (change.type === "typing") setTyping((now) => ({ ...now, [id]: Date.now() + TYPING_MS }));
      else if (change.message?.author === "business") setTyping((now) => ({ ...now, [id]: 0 }));
    },
    [apply, refresh],
  );
  const isLive = useChanges(onChange);
  useExpiry(typing, setTyping);

  const state = useQuery({
    queryKey: PHONE_KEY,
    queryFn: phone.state,
    // The stream does not tell how many webhooks wait, nor that the last misbehaving send is through.
    refetchInterval: ({ state: { data } }) =>
      isLive && !(data && isMisbehaving(data.misbehaviour)) ? false : POLL_MS,
  });
  const write = useMutation({
    mutationFn: ({ id, message }: { id: string; message: NewMessage }) => phone.write(id, message),
    onSuccess: refresh,
  });
  const open = useMutation({
    mutationFn: phone.open,
    onSuccess: (customer) => apply({ type: "customer", customer }),
  });
  const addCustomer = useMutation({
    mutationFn: ({ name, number }: { name: string; number: string | null }) =>
      phone.addCustomer(name, number),
    onSuccess: (customer) => apply({ type: "customer", customer }),
  });
  const misbehave = useMutation({
    mutationFn: (orders: Misbehaviour) => phone.misbehave(orders),
    onSuccess: refresh,
  });
  const reset = useMutation({ mutationFn: phone.reset, onSuccess: refresh });

  return { state, typing, write, open, addCustomer, misbehave, reset };
}

/** Whether the stream is open. A browser reconnects by itself unless it was answered with an error. */
function useChanges(onChange: (change: PhoneChange) => void): boolean {
  const [isLive, setIsLive] = useState(false);
  useEffect(() => {
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      source = phone.openChanges();
      source.onopen = () => setIsLive(true);
      source.onmessage = (event) => onChange(JSON.parse(event.data as string) as PhoneChange);
      source.onerror = () => {
        setIsLive(false);
        if (source.readyState === source.CLOSED) timer = setTimeout(connect, REOPEN_MS);
      };
    };
    connect();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [onChange]);
  return isLive;
}

function useExpiry(typing: Record<string, number>, setTyping: (typing: Record<string, number>) => void) {
  const next = Math.min(...Object.values(typing).filter(Boolean));
  useEffect(() => {
    if (next === Infinity) return;
    const forget = () =>
      setTyping(Object.fromEntries(Object.entries(typing).filter(([, until]) => until > Date.now())));
    const timer = setTimeout(forget, Math.max(0, next - Date.now()) + 50);
    return () => clearTimeout(timer);
  }, [next, typing, setTyping]);
}
