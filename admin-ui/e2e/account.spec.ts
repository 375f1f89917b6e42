import { createHmac } from "node:crypto";

import { APP_SECRET } from "./desks";
import { expect, saved, test } from "./fixtures";

test("what stops messages raises a banner on every page, until it is over", async ({ page, request }) => {
  const happen = async (event: string) => {
    const answer = await request.post("/simulator/phone/account/events", { data: { event } });
    expect(answer.ok()).toBe(true);
  };
  const banner = page.getByRole("alert").filter({ hasText: "WhatsApp is not delivering your messages." });
  await page.goto("/support-tickets/");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await expect(banner).toHaveCount(0);
  await happen("disabled");
  await expect(banner).toBeVisible();
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(banner).toBeVisible();
  await banner.getByRole("link", { name: "See what happened" }).click();
  const card = page.getByRole("region", { name: "Number health" });
  await expect(card.getByText("Serious")).toBeVisible();

  await happen("reinstated");
  await expect(banner).toHaveCount(0);
  for (const dismiss of await card.getByRole("button", { name: /^Dismiss/ }).all()) await dismiss.click();
  await card.getByRole("button", { name: "Check now" }).click();
  await expect(card.getByText("WhatsApp is being asked")).toBeVisible();
});

test("switches are kept, rates give costs, and templates are told with their state", async ({ page }) => {
  await page.goto("/settings/");
  const readMarks = page.getByRole("switch", { name: /^Read marks/ });
  await expect(readMarks).toBeChecked();
  await saved(page, "/settings", () => readMarks.uncheck());
  await page.reload();
  await expect(readMarks).not.toBeChecked();
  await readMarks.check();

  await page.getByRole("button", { name: "Add a rate" }).click();
  await page.getByLabel("Category of rate 1").fill("utility");
  await page.getByLabel("Type of rate 1").fill("regular");
  await page.getByLabel("Price of rate 1").fill("8.75");
  await saved(page, "/settings", () => page.getByRole("button", { name: "Save the rates" }).click());
  await page.reload();
  await expect(page.getByLabel("Price of rate 1")).toHaveValue("8.75");
  await page.getByRole("button", { name: "Remove rate 1" }).click();
  await page.getByRole("button", { name: "Save the rates" }).click();
  await expect(page.getByLabel("Price of rate 1")).toHaveCount(0);

  await page.getByRole("button", { name: "Sync now" }).click();
  const templates = page.getByRole("region", { name: "Templates" });
  await expect(templates.getByRole("row").filter({ hasText: "Approved" }).first()).toBeVisible();
});

test("rates that are being typed outlast a colleague's, and their saving is told", async ({
  page,
  request,
}) => {
  const colleagueSaves = async (rate: number) => {
    const rates = [{ category: "utility", type: "regular", rate }];
    expect((await request.patch("/api/support/settings", { data: { rates } })).ok()).toBe(true);
  };
  await page.goto("/settings/");
  await page.getByText("Live", { exact: true }).waitFor({ state: "attached" });
  await colleagueSaves(8.5);
  const price = page.getByLabel("Price of rate 1");
  await expect(price).toHaveValue("8.5"); // of which nothing is typed follows the desk
  await price.fill("9.25");
  await colleagueSaves(7);
  const panel = page.getByRole("region", { name: "Rates" });
  await expect(panel.getByRole("status")).toContainText("Somebody changed the rates meanwhile");
  await expect(price).toHaveValue("9.25");
  await panel.getByRole("button", { name: "Save the rates" }).click();
  await expect(panel.getByRole("status")).toHaveText("Saved.");
  await colleagueSaves(6);
  await expect(price).toHaveValue("6");
  await request.patch("/api/support/settings", { data: { rates: [] } });
});

test("what could not be understood is shown with its reason, and can be tried again", async ({
  page,
  request,
}) => {
  const body = "{not JSON";
  const signature = createHmac("sha256", APP_SECRET).update(body).digest("hex");
  const posted = await request.post("/api/webhook/whatsapp", {
    data: Buffer.from(body),
    headers: { "X-Hub-Signature-256": `sha256=${signature}` },
  });
  expect(posted.ok()).toBe(true);
  await page.goto("/settings/");
  const panel = page.getByRole("region", { name: "Set aside" });
  await expect(panel.getByRole("row").filter({ hasText: "not JSON" })).toBeVisible();
  await panel.getByRole("button", { name: "Try all again" }).click();
  await expect(panel.getByRole("status")).toContainText("being tried again");
  await expect(panel.getByRole("row").filter({ hasText: "not JSON" })).toBeVisible();
});
