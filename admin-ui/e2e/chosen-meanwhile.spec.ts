import type { Page, Route } from "@playwright/test";

import { expect, test } from "./fixtures";

/** Holds the first such call back, or its answer, until it is let go. */
async function hold(page: Page, method: string, calls: string, what: "call" | "answer" = "call") {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const held: string[] = [];
  await page.route(calls, async (route: Route) => {
    if (route.request().method() !== method || held.length > 0) return route.continue();
    held.push(route.request().postData() ?? "");
    const response = what === "answer" ? await route.fetch() : undefined;
    await gate;
    await (response ? route.fulfill({ response }) : route.continue());
  });
  return { held, letGo };
}

test("a queue that is chosen while a ticket is being resolved stays chosen", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const id = support.openedId();
  const { held, letGo } = await hold(page, "PATCH", "**/api/support/tickets/*");
  await page.getByRole("button", { name: "Resolve & next" }).click();
  await expect.poll(() => held.length).toBe(1);
  await page.getByRole("link", { name: /^Unassigned/ }).click();
  await expect(page).toHaveURL(/queue=unassigned/);
  letGo();
  await expect(page).not.toHaveURL(new RegExp(`ticket=${id}$`));
  await expect(page).toHaveURL(/queue=unassigned/);
});
