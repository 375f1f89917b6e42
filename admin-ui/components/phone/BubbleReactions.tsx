import classes from "@/components/phone/Bubble.module.css";
import type { PhoneMessage } from "@/lib/phone-client";
import { phoneTexts as texts } from "@/lib/phone-texts";

interface Props {
  reactions: PhoneMessage["reactions"];
  businessName: string;
  onTakeBack: () => void;
}

/** The emojis on a bubble; the customer's own is a button that takes it back. */
export function BubbleReactions({ reactions: { customer, business }, businessName, onTakeBack }: Props) {
  if (!customer && !business) return null;
  return (
    <div className={classes.reactions}>
      {customer && (
        <button
          type="button"
          className={classes.reaction}
          aria-label={texts.takeBack(customer)}
          onClick={onTakeBack}
        >
          {customer}
        </button>
      )}
      {business && (
        <span className={classes.reaction} title={texts.reactionOf(businessName, business)}>
          <span className="visually-hidden">{texts.reactionOf(businessName, business)}</span>
          <span aria-hidden>{business}</span>
        </span>
      )}
    </div>
  );
}
