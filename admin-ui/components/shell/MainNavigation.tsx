import Link from "next/link";
import { useRouter } from "next/router";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/shell/MainNavigation.module.css";
import { usePages } from "@/hooks/usePages";
import { useUnreadTickets } from "@/hooks/useTickets";
import { texts } from "@/lib/texts";

/** In the header; under the thumb on a narrow screen, where an opened thread needs the room for itself. */
export function MainNavigation() {
  const { pathname, query } = useRouter();
  const unread = useUnreadTickets();
  const pages = usePages();
  return (
    <nav className={classes.nav} aria-label={texts.shell.nav} data-in-thread={query.ticket !== undefined}>
      {pages.map(({ href, label, icon, showsUnread, isWide }) => (
        <Link
          key={href}
          href={href}
          className={classes.link}
          data-wide={isWide}
          aria-current={pathname === href ? "page" : undefined}
        >
          <Icon name={icon} />
          {label}
          {showsUnread && unread.count > 0 && (
            <span className={classes.badge}>
              <span aria-hidden>{unread.count > 99 ? "99+" : unread.count}</span>
              <span className="visually-hidden">{texts.shell.unread(unread.count)}</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
