import type { Ticket } from "@/lib/models";
import { texts } from "@/lib/texts";

/** A worker shows them, because phones show none of a page's own. */
const WORKER = "/notification-worker.js";

function canNotify(): boolean {
  return "Notification" in window && "serviceWorker" in navigator;
}

/** To be called by a tap on the switch alone: a browser that is asked out of the blue says no for ever. */
export async function askToNotify(): Promise<boolean> {
  if (!canNotify()) return false;
  if ((await Notification.requestPermission()) !== "granted") return false;
  await navigator.serviceWorker.register(WORKER);
  return true;
}

/** A newer one of the same ticket takes the place of the older, also from another tab. */
export async function notify(ticket: Ticket): Promise<void> {
  if (!canNotify() || Notification.permission !== "granted") return;
  await navigator.serviceWorker.register(WORKER);
  const registration = await navigator.serviceWorker.ready;
  await registration.showNotification(ticket.sender_name, {
    body: ticket.last_message_preview || texts.knowing.newTicket,
    tag: `ticket-${ticket.id}`,
    icon: "/icon.svg",
    data: { path: `/support-tickets/?ticket=${ticket.id}` },
  });
}

/** `open` is given the path of the notification that was tapped while the desk was open. */
export function onNotificationTap(open: (path: string) => void): () => void {
  if (!canNotify()) return () => undefined;
  const listen = ({ data }: MessageEvent<{ path?: string }>) => {
    if (data.path?.startsWith("/support-tickets/")) open(data.path);
  };
  navigator.serviceWorker.addEventListener("message", listen);
  return () => navigator.serviceWorker.removeEventListener("message", listen);
}
