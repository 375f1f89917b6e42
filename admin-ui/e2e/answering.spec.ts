import type { Route } from "@playwright/test";

import { ADMIN } from "./desks";
import { expect, test } from "./fixtures";
import { SupportPage } from "./pages/support-page";

test.beforeEach(async ({ phone }) => {
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Where is my bicycle?");
});

test("answers with the keyboard alone", async ({ support, phone, page }) => {
  await support.visit();
  await support.ticketOf(phone.customer.name).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: phone.customer.name })).toBeFocused();
  for (let presses = 0; presses < 10; presses += 1) {
    await page.keyboard.press("Tab");
    if (await support.composer.evaluate((field) => field === document.activeElement)) break;
  }
  await expect(support.composer).toBeFocused();
  await page.keyboard.type("First line");
  await page.keyboard.press("Enter");
  await page.keyboard.type("second line");
  await page.keyboard.press("Control+Enter");
  await expect(support.said("First line\nsecond line")).toHaveCount(1);
  await expect(support.composer).toHaveValue("");
});

test(
  "keeps an answer that did not get through, and sends it once",
  { tag: "@P8" },
  async ({ support, phone, page }) => {
    await support.visit();
    await support.open(phone.customer.name);
    await page.route("**/messages?*", (route) => route.abort());
    await support.answer("It is in Ibadan");
    const answer = support.said("It is in Ibadan");
    await expect(answer).toContainText("The desk cannot be reached");
    await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();

    await page.unroute("**/messages?*");
    await expect(answer.getByTitle("Delivered")).toBeVisible();
    await expect(answer).toHaveCount(1);
    await phone.openChat();
    await expect(phone.received("It is in Ibadan")).toHaveCount(1);
  },
);

test(
  "shows an answer once when the desk took it but its reply got lost",
  { tag: ["@P8", "@P12"] },
  async ({ support, phone, page }) => {
    await support.visit();
    await support.open(phone.customer.name);
    const loseTheReply = async (route: Route) => {
      await route.fetch();
      await route.abort();
    };
    await page.route("**/messages?*", loseTheReply, { times: 1 });
    await support.answer("It is in Enugu");
    const answer = support.said("It is in Enugu");
    await expect(answer.getByTitle("Delivered")).toBeVisible();
    await expect(page.getByRole("button", { name: "Try again" })).toBeHidden();
    await expect(answer).toHaveCount(1);
  },
);

test("says how many characters are left, and refuses too many", async ({ support, phone, page }) => {
  await support.visit();
  await support.open(phone.customer.name);
  await support.composer.fill("😀".repeat(4096));
  await expect(page.getByText("0 characters left")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send" })).toBeEnabled();
  await support.composer.fill("😀".repeat(4097));
  await expect(page.getByText("1 character too many")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
});

test("keeps a draft with its ticket", async ({ support, phone, page }) => {
  await support.visit();
  await support.open(phone.customer.name);
  await support.composer.fill("Half a thought");
  await page.reload();
  await expect(support.composer).toHaveValue("Half a thought");
});

test("what is written stands in both tabs of one ticket, and what one has sent waits in none", async ({
  support,
  phone,
  page,
  context,
}) => {
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.said("Where is my bicycle?")).toBeVisible();
  await support.composer.fill("It is in Kano");
  const otherTab = new SupportPage(await context.newPage());
  await otherTab.visit(`?ticket=${support.openedId()}`);
  await expect(otherTab.composer).toHaveValue("It is in Kano");
  await otherTab.composer.press("End");
  await otherTab.composer.pressSequentially(", at Musa's");
  await expect(support.composer).toHaveValue("It is in Kano, at Musa's");
  await support.page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(support.said("It is in Kano, at Musa's")).toHaveCount(1);
  await expect(otherTab.composer).toHaveValue("");
  await page.getByRole("button", { name: "Note", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Your note" })).toHaveValue("");
});

test("sets status, priority and assignee with one click each", async ({ support, phone, page }) => {
  await support.visit("?queue=unassigned");
  await support.open(phone.customer.name);
  await support.details.getByRole("button", { name: "Assign to me" }).click();
  await expect(support.ticketOf(phone.customer.name)).toHaveCount(0);
  await support.details.getByRole("button", { name: "Urgent" }).click();
  await page.getByRole("link", { name: "Mine" }).click();
  await expect(support.ticketOf(phone.customer.name)).toContainText("Urgent");
  await support.details.getByRole("button", { name: "Resolved" }).click();
  await expect(support.ticketOf(phone.customer.name)).toHaveCount(0);
  await expect(support.said("RESOLVED").or(support.said("resolved"))).toBeVisible();
});

test("tells when somebody else was faster, and shows the ticket as it is now", async ({
  support,
  phone,
  page,
  request,
}) => {
  await page.route("**/api/events*", (route) => route.abort());
  await page.goto("/support-tickets/");
  await support.open(phone.customer.name);
  await expect(support.said("Where is my bicycle?")).toBeVisible();
  const changed = await request.patch(`/api/support/tickets/${support.openedId()}`, {
    data: { priority: "HIGH" },
  });
  expect(changed.ok()).toBe(true);
  await support.details.getByRole("button", { name: "Closed" }).click();
  await expect(support.problem.filter({ hasText: "The ticket has changed" })).toBeVisible();
  await expect(support.details.getByRole("button", { name: "High" })).toHaveAttribute("aria-pressed", "true");
  await expect(support.details.getByRole("button", { name: "Closed" })).toHaveAttribute(
    "aria-pressed",
    "false",
  );
});

test("marks what was seen as read", async ({ support, phone }) => {
  await support.visit();
  await expect(support.ticketOf(phone.customer.name)).toContainText("unread message");
  await support.open(phone.customer.name);
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread message");
});

test("what is attached is still there after a look at another ticket", async ({ support, phone, page }) => {
  await support.visit();
  await support.open(phone.customer.name);
  await support.attach("Photo or video", "../simulator/samples/photo.jpg");
  const files = page.getByRole("list", { name: "Attached files" });
  await expect(files).toContainText("photo.jpg");
  await page.getByRole("link", { name: "Tags" }).click();
  await expect(files).toHaveCount(0);
  await page.goBack();
  await expect(files).toContainText("photo.jpg");
  await files.getByRole("button", { name: /photo.jpg/ }).click();
  await page.getByRole("link", { name: "Tags" }).click();
  await page.goBack();
  await expect(support.composer).toBeVisible();
  await expect(files).toHaveCount(0);
});

test("an answer that finds its writer signed out leads to signing in, and goes out then", async ({
  support,
  phone,
  page,
  context,
}) => {
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread");
  const isTold = page.waitForResponse((each) => each.url().includes("/presence") && each.ok());
  await support.composer.fill("It is on its way");
  await isTold;
  await context.clearCookies(); // the stream lives on
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page).toHaveURL(/\/login\/\?next=/);
  await page.getByLabel("Email").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(support.said("It is on its way")).toBeVisible();
  await phone.openChat();
  await expect(phone.received("It is on its way")).toHaveCount(1);
});
