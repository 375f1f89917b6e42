import classes from "@/components/phone/Levers.module.css";
import type { usePhoneActs } from "@/hooks/usePhoneActs";
import type { AccountEvent, PhoneAccount } from "@/lib/phone-client";
import { phoneTexts } from "@/lib/phone-texts";

const texts = phoneTexts.account;

interface Props {
  account: PhoneAccount;
  acts: ReturnType<typeof usePhoneActs>;
}

export function AccountLevers({ account, acts }: Props) {
  return (
    <>
      <p className={classes.small}>{texts.lead}</p>
      <p className={classes.state} role="status">
        <span>{texts.standing[account.standing]}</span>
        <span>{texts.quality[account.quality_rating]}</span>
        <span>{texts.limit(account.messaging_limit.replace("TIER_", ""))}</span>
      </p>
      {Object.entries(texts.events).map(([event, [what, hint]]) => (
        <button
          key={event}
          type="button"
          className={classes.event}
          onClick={() => acts.accountEvent(event as AccountEvent)}
        >
          {what}
          <span className={classes.small}>{hint}</span>
        </button>
      ))}
    </>
  );
}
