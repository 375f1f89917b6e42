import type { APIRequestContext, Page } from "@playwright/test";

import { expect, test } from "./fixtures";

test.use({ permissions: ["notifications"] });

declare global {
  interface Window {
    shown: string[];
    notes: number;
  }
}
const shown = (page: Page) => page.evaluate(() => window.shown);

/** A Chromium without windows has no notifications: what it is asked to show is kept in their place. */
async function keepNotifications(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.shown = [];
    Object.defineProperty(Notification, "permission", { value: "granted" });
    ServiceWorkerRegistration.prototype.showNotification = (title, options) => {
      window.shown.push(`${title}: ${options?.body ?? ""}`);
      return Promise.resolve();
    };
  });
}

test("news is notified when its switch is on, and quiet where the ticket is being read", async ({
  support,
  phone,
  page,
}) => {
  await keepNotifications(page);
  await phone.writeUnseen("Chat Support");
  await page.goto("/settings/");
  const notifications = page.getByRole("switch", { name: /^Notifications/ });
  await expect(notifications).not.toBeChecked();
  await notifications.click();
  await expect(notifications).toBeChecked();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await phone.writeUnseen("My parcel is lost");
  await expect.poll(() => shown(page)).toContain(`${phone.customer.name}: My parcel is lost`);

  await support.visit();
  await support.open(phone.customer.name);
  await page.bringToFront();
  await phone.writeUnseen("Are you reading this?");
  await expect(support.said("Are you reading this?")).toBeVisible();
  await page.waitForTimeout(500);
  expect((await shown(page)).join()).not.toContain("Are you reading this?");
});

test("the alert is on every page until it is put away, and comes back with something new", async ({
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await page.goto("/settings/");
  const banner = page.getByRole("status").filter({ hasText: "Support Request" });
  await expect(banner).toBeVisible();
  await banner.getByRole("button", { name: "Put away until something new comes" }).click();
  await expect(banner).toBeHidden();
  await newTicket(request);
  await expect(banner).toBeVisible();
  await banner.getByRole("link", { name: "View Support" }).click();
  await expect(page.getByRole("region", { name: "Tickets" })).toBeVisible();
});

test("news is heard on plain HTTP too, where tabs cannot agree which of them plays", async ({
  phone,
  page,
}) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, "locks");
    window.notes = 0;
    const tone = OscillatorNode.prototype;
    const start = Reflect.get(tone, "start");
    tone.start = function (this: OscillatorNode, when) {
      window.notes += 1;
      start.call(this, when);
    };
  });
  const notes = () => page.evaluate(() => window.notes);
  await phone.writeUnseen("Chat Support");
  await page.goto("/settings/");
  await page.getByRole("switch", { name: /^Sound/ }).click();
  await expect.poll(notes).toBe(2); // what it sounds like
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await phone.writeUnseen("My parcel is lost");
  await expect.poll(notes).toBe(4);
});

test("with the data saver a photo comes by a tap", async ({ support, phone, page }) => {
  await page.goto("/settings/");
  await page.getByRole("switch", { name: /^Save data/ }).check();
  await phone.writeUnseen("Chat Support");
  await phone.sendUnseen({ type: "image", text: "The scratch" });
  await support.visit();
  await support.open(phone.customer.name);
  const row = support.said("The scratch");
  await expect(row.getByRole("button", { name: /^Load/ })).toBeVisible();
  await expect(row.getByRole("img")).toHaveCount(0);
  await row.getByRole("button", { name: /^Load/ }).click();
  await expect(row.getByRole("img")).toBeVisible();
});

async function newTicket(request: APIRequestContext): Promise<void> {
  const answer = await request.post("/api/support/tickets", {
    data: {
      phone_number: `+2347${String(Date.now()).slice(-9)}`,
      sender_name: "Somebody else",
      issue_description: "New",
    },
  });
  expect(answer.ok()).toBe(true);
}

test("where the browser has no room left, a switch turns for as long as the page is open", async ({
  page,
}) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await page.goto("/settings/");
  const saver = page.getByRole("switch", { name: "Data saver" });
  await expect(saver).not.toBeChecked();
  for (const isOn of [true, false, true]) {
    await saver.click();
    await expect(saver).toBeChecked({ checked: isOn });
  }
  await page.getByRole("link", { name: "Tags" }).click();
  await page.goBack();
  await expect(saver).toBeChecked();
});
