import { ActionIcon, Button } from "@mantine/core";
import Link from "next/link";
import { useRouter } from "next/router";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/shell/AlertBanner.module.css";
import { useDismissedAlert } from "@/hooks/useDismissedAlert";
import { useNotifications } from "@/hooks/useNotifications";
import { texts } from "@/lib/texts";

/**
 * The Support Request alert on every page but the dashboard, which has its own. On a narrow screen it gives way to
 * an opened thread.
 */
export function AlertBanner() {
  const { pathname, query } = useRouter();
  const { data } = useNotifications();
  const [isDismissed, dismiss] = useDismissedAlert(data);
  const isShown = data?.has_alerts && !isDismissed && pathname !== "/dashboard";
  return (
    <div role="status" className={classes.place} data-in-thread={query.ticket !== undefined}>
      {isShown && (
        <div className={classes.banner}>
          <Icon name="alert" size={20} />
          <p className={classes.words}>
            <strong>{texts.dashboard.alertTitle}</strong>
            <span>{texts.knowing.counts(data.open_tickets, data.unassigned_tickets)}</span>
          </p>
          <Button component={Link} href="/support-tickets?queue=open" h={44} px="xs" variant="default">
            {texts.dashboard.viewSupport}
          </Button>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={44}
            aria-label={texts.knowing.dismiss}
            onClick={dismiss}
          >
            <Icon name="cross" />
          </ActionIcon>
        </div>
      )}
    </div>
  );
}
