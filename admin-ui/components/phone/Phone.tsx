import { useMediaQuery } from "@mantine/hooks";
import { useRouter } from "next/router";
import { useState } from "react";

import { Waiting } from "@/components/common/Waiting";
import { Chat } from "@/components/phone/Chat";
import { CustomerList } from "@/components/phone/CustomerList";
import { Levers } from "@/components/phone/Levers";
import classes from "@/components/phone/Phone.module.css";
import type { usePhone } from "@/hooks/usePhone";
import type { PhoneState } from "@/lib/phone-client";

/** Customers beside a phone; on a real phone one of the two, and the browser's back button leads out of a chat. */
export function Phone({ phone, state }: { phone: ReturnType<typeof usePhone>; state: PhoneState }) {
  const router = useRouter();
  const isWide = useMediaQuery("(min-width: 48em)", undefined, { getInitialValueInEffect: false });
  const [areLeversOpen, setLeversOpen] = useState(false);

  // Until the address is read nobody is chosen: another chat for a moment would be marked read, and take typed words along.
  if (!router.isReady) return <Waiting />;
  const wanted = router.query.customer;
  const chosen = state.threads.find(({ customer }) => customer.id === wanted) ?? (isWide && state.threads[0]);
  const choose = (id: string) => {
    const address = { pathname: router.pathname, query: { customer: id } };
    void (isWide ? router.replace : router.push)(address, undefined, { shallow: true });
  };

  return (
    <main className={classes.page}>
      {(isWide || !chosen) && (
        <CustomerList
          phone={phone}
          state={state}
          chosenId={chosen ? chosen.customer.id : undefined}
          onChoose={choose}
          onLevers={() => setLeversOpen(true)}
        />
      )}
      {chosen && (
        <div className={classes.stage}>
          <div className={classes.phone}>
            <Chat
              key={chosen.customer.id}
              phone={phone}
              thread={chosen}
              businessName={state.business_name}
              onBack={
                isWide ? undefined : () => void router.push(router.pathname, undefined, { shallow: true })
              }
            />
          </div>
        </div>
      )}
      {areLeversOpen && (
        <Levers
          state={state}
          chosenId={chosen ? chosen.customer.id : undefined}
          onMisbehave={phone.misbehave.mutate}
          onClose={() => setLeversOpen(false)}
        />
      )}
    </main>
  );
}
