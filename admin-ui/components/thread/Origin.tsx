import { Icon } from "@/components/common/Icon";
import classes from "@/components/thread/Bubble.module.css";
import { forwardedOf, productOf, referralOf, webAddress } from "@/lib/message-content";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";

/** Where a message came from, if not straight from its writer: it was forwarded, or an ad led to it. */
export function Origin({ message }: { message: Message }) {
  const forwarded = forwardedOf(message);
  const referral = referralOf(message);
  const product = productOf(message);
  const address = webAddress(referral?.source_url);
  return (
    <>
      {forwarded && (
        <p className={classes.mark}>
          <Icon name="forward" size={14} />
          {messageTexts.forwarded[forwarded]}
        </p>
      )}
      {product && <p className={classes.mark}>{messageTexts.aboutProduct(product)}</p>}
      {referral && (
        <div className={classes.quote} data-part="referral">
          <span className={classes.quotedSender}>{messageTexts.fromAd}</span>
          <span className={classes.quotedText}>
            {[referral.headline, referral.body].filter(Boolean).join(": ")}
          </span>
          {address && (
            <a className={classes.adLink} href={address} target="_blank" rel="noopener noreferrer nofollow">
              {messageTexts.openAd}
            </a>
          )}
        </div>
      )}
    </>
  );
}
