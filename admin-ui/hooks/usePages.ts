import type { IconName } from "@/components/common/Icon";
import { useSession } from "@/hooks/useSession";
import type { Permission } from "@/lib/models";
import { texts } from "@/lib/texts";

interface PageLink {
  href: string;
  label: string;
  icon: IconName;
  showsUnread?: boolean;
  permission?: Permission;
  /** Under the thumb there is room for five; the settings lead to the others. */
  isWide?: boolean;
}

const PAGES: PageLink[] = [
  { href: "/dashboard", label: texts.shell.dashboard, icon: "dashboard" },
  { href: "/support-tickets", label: texts.shell.support, icon: "bubble", showsUnread: true },
  { href: "/tags", label: texts.shell.tags, icon: "tag" },
  { href: "/canned-replies", label: texts.shell.cannedReplies, icon: "reply", isWide: true },
  { href: "/people", label: texts.shell.people, icon: "people", permission: "manage_people" },
  { href: "/settings", label: texts.shell.settings, icon: "gear" },
];

/** The pages that the one who is signed in may open. */
export function usePages(): PageLink[] {
  const permissions = useSession().data?.permissions;
  return PAGES.filter(({ permission }) => !permission || permissions?.includes(permission));
}
