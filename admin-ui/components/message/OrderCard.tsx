import classes from "@/components/message/Content.module.css";
import { BubbleText } from "@/components/phone/BubbleText";
import { money } from "@/lib/amounts";
import type { Order, OrderItem } from "@/lib/message-content";
import { priceOf, totalsOf } from "@/lib/message-content";
import { messageTexts } from "@/lib/message-texts";

function shownPrice(item: OrderItem): string {
  const price = priceOf(item);
  return price === null ? "–" : money(price, item.currency);
}

/** A basket from the catalogue. WhatsApp tells no sum; it is counted here. */
export function OrderCard({ order }: { order: Order }) {
  return (
    <>
      <div className={classes.card} data-part="order">
        <p className={classes.title}>{messageTexts.kinds.order}</p>
        <ul className={classes.items}>
          {order.items.map((item, index) => (
            <li key={index}>
              <span>{messageTexts.quantity(item.quantity ?? 1)}</span>
              <span>{item.id}</span>
              <span>{shownPrice(item)}</span>
            </li>
          ))}
        </ul>
        {totalsOf(order).map(([currency, total]) => (
          <p key={currency} className={classes.total}>
            <span>{messageTexts.orderTotal}</span>
            <span>{money(total, currency)}</span>
          </p>
        ))}
      </div>
      {order.text && (
        <p className={classes.text} dir="auto">
          <BubbleText text={order.text} />
        </p>
      )}
    </>
  );
}
