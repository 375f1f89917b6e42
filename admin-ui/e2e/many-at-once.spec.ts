import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";

const list = (page: Page) => page.getByRole("region", { name: "Tickets" });

test("many tickets at once: tags, and who does not allow it is told", async ({ support, phone, page }) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const tag = `Tag ${Date.now() % 100_000}`;
  await support.details.getByLabel("Add a tag").first().fill(tag);
  await support.details.getByRole("button", { name: "Add a tag" }).click();
  await expect(support.said(`added the tag ${tag}`)).toBeVisible();
  await expect(support.ticketOf(phone.customer.name)).toContainText(tag);
  await expect(page).toHaveTitle(/^(\(\d+\+?\) )?Customer/);

  await page.goto("/tags/");
  await page.getByRole("listitem").filter({ hasText: tag }).getByRole("link", { name: "1 ticket" }).click();
  await expect(support.tickets).toHaveCount(1);
  await support.tickets.first().hover();
  await page.getByRole("checkbox", { name: new RegExp(phone.customer.name) }).check();
  await page.getByRole("button", { name: "Set the status" }).click();
  await page.getByRole("button", { name: "Closed", exact: true }).click();
  await expect(page.getByText("1 ticket changed.")).toBeVisible();
  await page.getByRole("checkbox", { name: new RegExp(phone.customer.name) }).check();
  await page.getByRole("button", { name: "Set the status" }).click();
  await page.getByRole("button", { name: "Resolved", exact: true }).click();
  await expect(page.getByText(/cannot become RESOLVED/)).toBeVisible();

  await page.goto("/tags/");
  await page.getByRole("button", { name: `Change the tag ${tag}` }).click();
  await page.getByRole("button", { name: "Delete the tag" }).click();
  await page.getByRole("button", { name: "Delete it" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: tag })).toHaveCount(0);
});

test("what came of a change of many is told where its maker is by then, and what was refused stays ticked", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit("?queue=open");
  const tick = page.getByRole("checkbox", { name: new RegExp(phone.customer.name) });
  await support.open(phone.customer.name);
  const ticket = support.openedId();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/support/tickets/bulk", async (route) => {
    await held;
    await route.continue();
  });
  const resolve = async () => {
    await page.getByRole("button", { name: "Set the status" }).click();
    await list(page).getByRole("button", { name: "Resolved", exact: true }).click();
  };
  await tick.check();
  await resolve();
  const everything = page
    .getByRole("navigation", { name: "Queues" })
    .getByRole("link", { name: "Everything" });
  await everything.click();
  await expect(everything).toHaveAttribute("aria-current", "true");
  await expect(tick).not.toBeChecked();
  letGo();
  await expect(page.getByText("1 ticket changed.")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search tickets" }).fill(phone.customer.name);
  await expect(page.getByText("1 ticket changed.")).toBeVisible();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("searchbox", { name: "Search tickets" }).press("Escape");

  expect((await request.patch(`/api/support/tickets/${ticket}`, { data: { status: "CLOSED" } })).ok()).toBe(
    true,
  );
  await tick.check();
  await resolve();
  await expect(page.getByText(/cannot become RESOLVED/)).toBeVisible();
  await expect(tick).toBeChecked();
});
