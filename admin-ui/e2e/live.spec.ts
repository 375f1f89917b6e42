import { expect, test } from "./fixtures";

test(
  "what was missed while the line was cut is there when it returns",
  { tag: "@P17" },
  async ({ support, phone, page, context }) => {
    await phone.writeUnseen("Chat Support");
    await support.visit();
    await support.open(phone.customer.name);

    await context.setOffline(true);
    await expect(support.lostConnection).toBeVisible();
    await phone.writeUnseen("Are you still there?");
    await expect(support.said("Are you still there?")).toHaveCount(0);

    await context.setOffline(false);
    await expect(support.said("Are you still there?")).toHaveCount(1);
    await expect(support.lostConnection).toBeHidden();
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
  },
);

test(
  "where the stream cannot get through, the desk asks every ten seconds",
  { tag: "@P24" },
  async ({ support, phone, page }) => {
    await page.route("**/api/events*", (route) => route.abort());
    await page.goto("/support-tickets/");
    await expect(support.lostConnection).toBeVisible();
    await phone.writeUnseen("Chat Support");
    await expect(support.ticketOf(phone.customer.name)).toBeVisible({ timeout: 20_000 });
  },
);
