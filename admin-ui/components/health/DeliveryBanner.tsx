import Link from "next/link";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/health/Health.module.css";
import { useNumberHealth } from "@/hooks/useNumberHealth";
import { healthTexts as texts } from "@/lib/health-texts";

/** On every page, while something at WhatsApp keeps messages from being delivered. */
export function DeliveryBanner() {
  const health = useNumberHealth().data;
  const reason =
    health?.events.find((event) => event.severity === "critical")?.summary ?? health?.problems[0];
  return (
    <div role="alert" className={classes.banner}>
      {health?.stops_delivery && (
        <p className={classes.bannerWords}>
          <Icon name="alert" />
          <span>
            <strong>{texts.stopped}</strong> <span className={classes.reason}>{reason} </span>
            <Link href="/dashboard#number-health" className={classes.link}>
              {texts.details}
            </Link>
          </span>
        </p>
      )}
    </div>
  );
}
