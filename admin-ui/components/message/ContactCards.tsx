import { Icon } from "@/components/common/Icon";
import classes from "@/components/message/Content.module.css";
import type { ContactCard } from "@/lib/message-content";

export function ContactCards({ cards }: { cards: ContactCard[] }) {
  return (
    <ul className={classes.cards}>
      {cards.map((card, index) => (
        <li key={index} className={classes.card} data-part="contact">
          <p className={classes.title}>
            <Icon name="card" />
            {card.name}
          </p>
          {card.org && <p className={classes.small}>{card.org}</p>}
          {card.phones.map(({ phone }) => (
            <a key={phone} className={classes.link} href={`tel:${phone.replace(/[^\d+]/g, "")}`}>
              {phone}
            </a>
          ))}
          {card.emails?.map((email) => (
            <p key={email} className={classes.small}>
              {email}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
