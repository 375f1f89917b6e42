import type { Page } from "@playwright/test";

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

test("what found no answer while the stream lived on is asked for again", async ({
  support,
  phone,
  page,
  request,
}) => {
  test.slow(); // each question is tried three times before it is given up
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread");
  const status = support.details.getByRole("button", { name: "Open", exact: true });
  await expect(status).toHaveAttribute("aria-pressed", "true");

  const mendTicket = await cut(page, "**/api/support/tickets/*");
  const mendCounts = await cut(page, "**/api/support/queues");
  await page.keyboard.press("e");
  await expect(support.problem.filter({ hasText: "The desk cannot be reached." })).toBeVisible();
  await expect(status).toHaveAttribute("aria-pressed", "false");
  const another = await request.post("/api/support/tickets", {
    data: { phone_number: "+2348031112233", sender_name: "Another", issue_description: "A lamp" },
  });
  expect(another.ok()).toBe(true);
  const all = page.getByRole("navigation", { name: "Queues" }).getByRole("link", { name: "All open" });
  const before = await all.innerText();
  await Promise.all([mendTicket(), mendCounts()]);

  await expect(status).toHaveAttribute("aria-pressed", "true", { timeout: 30_000 });
  await expect(all).not.toHaveText(before, { timeout: 30_000 });
});

/** No answer to this; gives what mends it, once the page has given up asking. */
async function cut(page: Page, path: string): Promise<() => Promise<void>> {
  let asked = 0;
  await page.route(path, (route) => {
    asked += 1;
    return route.abort();
  });
  return async () => {
    let before = -1;
    const hasGivenUp = () => {
      const isSame = asked === before;
      before = asked;
      return isSame && asked > 0;
    };
    await expect.poll(hasGivenUp, { intervals: [4_000], timeout: 40_000 }).toBe(true);
    await page.unroute(path);
  };
}

test("on a slow line nothing is said of what is looked for before it is known", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  const search = page.getByRole("searchbox", { name: "Search tickets" });
  await search.fill("nothing-of-the-kind");
  const nothing = page.getByText("Nothing found", { exact: true });
  await expect(nothing.last()).toBeVisible();
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/support/search?*", (route) => gate.then(() => route.continue()));
  const asked = page.waitForRequest("**/api/support/search?*");
  await search.fill(phone.customer.name);
  await asked;
  await expect(nothing).toHaveCount(0);
  letGo();
  await expect(support.ticketOf(phone.customer.name)).toBeVisible();
});
