import { Button } from "@mantine/core";
import Link from "next/link";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/dashboard/SupportAlert.module.css";
import type { Notifications } from "@/lib/models";
import { texts } from "@/lib/texts";

export function SupportAlert({ notifications }: { notifications: Notifications }) {
  const { open_tickets, unassigned_tickets, has_alerts } = notifications;
  if (!has_alerts) {
    return (
      <p className={classes.banner} data-calm role="status">
        <span className={classes.mark}>
          <Icon name="check" size={20} />
        </span>
        {texts.dashboard.calm}
      </p>
    );
  }
  const sentences = [
    open_tickets > 0 && texts.dashboard.alertOpen(open_tickets),
    unassigned_tickets > 0 && texts.dashboard.alertUnassigned(unassigned_tickets),
  ];
  return (
    <section className={classes.banner} role="status" aria-label={texts.dashboard.alertTitle}>
      <span className={classes.mark}>
        <Icon name="alert" size={22} />
      </span>
      <div className={classes.words}>
        <h2 className={classes.title}>{texts.dashboard.alertTitle}</h2>
        <p>{sentences.filter(Boolean).join(" · ")}</p>
      </div>
      <Button component={Link} href="/support-tickets" size="md" className={classes.button}>
        {texts.dashboard.viewSupport}
      </Button>
    </section>
  );
}
