import { useEffect } from "react";

import { useUnreadTickets } from "@/hooks/useTickets";
import { texts } from "@/lib/texts";

const PLAIN_ICON = "/icon.svg";

/** The product's icon with a number on a red spot; drawn here, as a picture of its own address cannot change. */
function iconWith(mark: string): string {
  const size = mark.length > 2 ? 9 : mark.length > 1 ? 12 : 15;
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0c6656"/>' +
    '<path d="M7.5 9h17v11.5H14L9 25v-4.5H7.5Z" fill="none" stroke="#fff" stroke-width="2.2"/>' +
    '<circle cx="21.5" cy="10.5" r="10.5" fill="#c92a2a"/>' +
    `<text x="21.5" y="${10.5 + size * 0.36}" font-family="sans-serif" font-weight="700" font-size="${size}" ` +
    `fill="#fff" text-anchor="middle">${mark}</text></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Says in the title and on the icon of the browser's tab how many live tickets hold unread messages. */
export function useUnreadMark(): void {
  const { count, is_capped: isCapped } = useUnreadTickets();
  const mark = count > 99 || isCapped ? "99+" : String(count);

  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon) icon.href = count ? iconWith(mark) : PLAIN_ICON;
    const write = () => {
      const plain = document.title.replace(/^\(\d+\+?\) /, "");
      const wanted = count ? texts.shell.unreadTitle(mark, plain) : plain;
      if (document.title !== wanted) document.title = wanted;
    };
    write();
    // Every page sets a title of its own when it is opened.
    const observer = new MutationObserver(write);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [count, mark]);
}
