import { Icon } from "@/components/common/Icon";
import classes from "@/components/message/Content.module.css";
import type { Place } from "@/lib/message-content";
import { mapAddress } from "@/lib/message-content";
import { messageTexts } from "@/lib/message-texts";

export function LocationCard({ place }: { place: Place }) {
  return (
    <div className={classes.card} data-part="location">
      <p className={classes.title}>
        <Icon name="pin" />
        {place.name || messageTexts.kinds.location}
      </p>
      {place.address && <p className={classes.small}>{place.address}</p>}
      <p className={classes.small}>
        {place.latitude.toFixed(5)}, {place.longitude.toFixed(5)}
      </p>
      <a className={classes.link} href={mapAddress(place)} target="_blank" rel="noopener noreferrer">
        {messageTexts.openMap}
      </a>
    </div>
  );
}
