import { Icon } from "@/components/common/Icon";
import classes from "@/components/phone/BubbleContent.module.css";
import { BubbleText } from "@/components/phone/BubbleText";
import { PhoneMedia } from "@/components/phone/PhoneMedia";
import type { PhoneMessage } from "@/lib/phone-client";
import { isBare } from "@/lib/phone-preview";
import { phoneTexts as texts } from "@/lib/phone-texts";

/** What a bubble holds between its quote and its time. */
export function BubbleContent({ message, onPlayed }: { message: PhoneMessage; onPlayed: () => void }) {
  const { media, menu, place, cards, text } = message;
  if (message.is_deleted) return <p className={classes.bare}>{texts.deleted}</p>;
  const hasCards = cards.length > 0;
  return (
    <>
      {message.forwarded && (
        <p className={classes.mark}>
          <Icon name="forward" size={14} />
          {texts.forwarded[message.forwarded]}
        </p>
      )}
      {menu?.header && <p className={classes.menuHeader}>{menu.header}</p>}
      {media && <PhoneMedia media={media} caption={text} onPlayed={onPlayed} />}
      {place && (
        <div className={classes.card}>
          <Icon name="pin" size={20} />
          <div className={classes.words}>
            {text && <p className={classes.title}>{text}</p>}
            {place.address && <p className={classes.small}>{place.address}</p>}
            <a
              className={classes.link}
              href={`https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=15/${place.latitude}/${place.longitude}`}
              target="_blank"
              rel="noopener noreferrer"
            >
              {texts.openMap}
              <span className="visually-hidden"> ({texts.opensNewTab})</span>
            </a>
          </div>
        </div>
      )}
      {cards.map(({ name, phones = [] }, index) => (
        <div key={index} className={classes.card}>
          <Icon name="card" size={20} />
          <div className={classes.words}>
            <p className={classes.title}>{name}</p>
            {phones.map((phone) => (
              <a key={phone} className={classes.link} href={`tel:${phone.replace(/[^\d+]/g, "")}`}>
                {phone}
              </a>
            ))}
          </div>
        </div>
      ))}
      {isBare(message) && <p className={classes.bare}>{texts.kinds[message.type]}</p>}
      {text && !place && !hasCards && (
        <p className={classes.text} dir="auto">
          <BubbleText text={text} />
        </p>
      )}
      {menu?.footer && <p className={classes.menuFooter}>{menu.footer}</p>}
    </>
  );
}
