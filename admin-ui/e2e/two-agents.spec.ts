import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";
import { SupportPage } from "./pages/support-page";

/** The others on the opened ticket, as its head tells them. */
const othersOn = (support: SupportPage) =>
  support.page.getByRole("region", { name: "Opened ticket" }).locator("[data-part=colleagues]");

/** Holds every such call back until it is let go. */
async function hold(page: Page, calls: string): Promise<() => void> {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(calls, async (route) => {
    await gate;
    await route.continue();
  });
  return letGo;
}

test.beforeEach(async ({ phone, support, colleague }) => {
  test.slow(); // two browsers and a phone
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Where is my bicycle?");
  for (const agent of [support, colleague]) {
    await agent.visit();
    await agent.open(phone.customer.name);
    await expect(agent.said("Where is my bicycle?")).toBeVisible();
  }
});

test("two on one ticket see each other come, write and go", async ({ support, colleague, phone, page }) => {
  await expect(othersOn(support)).toHaveText("Bisi is looking");
  await expect(othersOn(colleague)).toHaveText("ada is looking");
  await expect(support.ticketOf(phone.customer.name)).toContainText("Bisi is looking");

  await colleague.composer.pressSequentially("It is");
  await expect(othersOn(support)).toHaveText("Bisi is writing…");
  await expect(support.ticketOf(phone.customer.name)).toContainText("Bisi is writing…");
  await colleague.composer.fill("");
  await expect(othersOn(support)).toHaveText("Bisi is looking");
  await colleague.composer.pressSequentially("It is in Ibadan");
  await expect(othersOn(support)).toHaveText("Bisi is writing…");
  await colleague.page.keyboard.press("Control+Enter");
  await expect(support.said("It is in Ibadan")).toBeVisible();
  await expect(othersOn(support)).toHaveText("Bisi is looking");

  await colleague.page.getByRole("link", { name: "Tags" }).click();
  await expect(othersOn(support)).toHaveText("");
  await page.goto("/dashboard/");
  const online = page.getByRole("region", { name: "Online" });
  await expect(online.getByRole("link", { name: "Bisi" })).toBeVisible();
  await colleague.page.close({ runBeforeUnload: true });
  await expect(online.getByRole("link", { name: "Bisi" })).toHaveCount(0);
  await expect(online.getByRole("link", { name: "(you)" })).toHaveCount(1);
});

test("of two who take a ticket one gets it, and the other is told who", async ({
  support,
  colleague,
  page,
}) => {
  const letGo = await hold(page, "**/claim");
  await support.details.getByRole("button", { name: "Assign to me" }).click();
  await colleague.details.getByRole("button", { name: "Assign to me" }).click();
  await expect(colleague.details.getByRole("combobox", { name: "Assignee" })).toContainText("Bisi");
  await expect(colleague.said("Bisi took the ticket.")).toBeVisible();
  letGo();
  await expect(support.problem.filter({ hasText: "Bisi" })).toBeVisible();
  const assignee = support.details.getByRole("combobox", { name: "Assignee" });
  await expect(assignee.locator("option:checked")).toHaveText("Bisi");
  await expect(support.said("took the ticket.")).toHaveCount(1);
});

test("an answer into a thread that moved on is kept, and its writer decides", async ({
  support,
  colleague,
  phone,
  page,
}) => {
  const letGo = await hold(page, "**/messages?*");
  await support.answer("It comes on Monday");
  await expect(support.said("It comes on Monday")).toBeVisible();
  await colleague.answer("It comes on Friday");
  await expect(colleague.said("It comes on Friday").getByTitle("Delivered")).toBeVisible();
  letGo();
  const refused = support.said("It comes on Monday");
  await expect(refused).toContainText("Bisi wrote meanwhile.");
  await expect(support.said("It comes on Friday")).toBeVisible();
  await refused.getByRole("button", { name: "Change it" }).click();
  await expect(support.composer).toHaveValue("It comes on Monday");
  await expect(refused).toHaveCount(0);
  await support.answer("Sorry, Friday is right");
  await expect(support.said("Sorry, Friday is right").getByTitle("Delivered")).toBeVisible();
  const written = (await phone.messages()).map((message) => JSON.stringify(message));
  expect(written.filter((message) => message.includes("It comes on Friday"))).toHaveLength(1);
  expect(written.filter((message) => message.includes("It comes on Monday"))).toHaveLength(0);
});

test("what nobody knows of is asked once, for all, and for good", async ({
  support,
  colleague,
  page,
  request,
}) => {
  const swallow = { sends: { http_status: 500, times: 1 } };
  expect((await request.post("/simulator/phone/misbehave", { data: swallow })).ok()).toBe(true);
  await support.answer("It is at your door");
  const colleagues = colleague.said("It is at your door");
  await expect(colleagues.getByRole("button", { name: "Send again", exact: true })).toBeVisible();
  const seen = colleague.page.locator(":not(.visually-hidden)");
  await expect(colleagues.getByText(/may have been sent/i).and(seen)).toHaveCount(1);
  await support.said("It is at your door").getByRole("button", { name: "Don’t send again" }).click();
  for (const answer of [colleagues, support.said("It is at your door")]) {
    await expect(answer).toContainText("It was decided not to send it again.");
    await expect(answer.getByRole("button", { name: "Send again", exact: true })).toHaveCount(0);
  }
  await page.reload();
  const answer = support.said("It is at your door");
  await expect(answer).toContainText("Nobody knows whether it was sent.");
  await expect(answer.getByRole("button", { name: /end again/ })).toHaveCount(0);
});

test("a note is read by colleagues and never reaches the phone", async ({
  support,
  colleague,
  phone,
  page,
}) => {
  await page.getByRole("button", { name: "Note", exact: true }).click();
  await page.getByRole("textbox", { name: "Your note" }).fill("She is a friend of the owner");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(colleague.said("She is a friend of the owner")).toBeVisible();
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  await support.answer("We are looking");
  await expect(support.said("We are looking").getByTitle("Delivered")).toBeVisible();
  const written = (await phone.messages()).map((message) => JSON.stringify(message)).join();
  expect(written).toContain("We are looking");
  expect(written).not.toContain("friend of the owner");
});

test("a page that is still open when another person signs in beside it sends nothing in their name", async ({
  browser,
  signedIn,
  bisi,
  phone,
}) => {
  await phone.writeUnseen("Chat Support");
  const context = await browser.newContext({ storageState: signedIn });
  const support = new SupportPage(await context.newPage());
  await support.visit();
  await support.open(phone.customer.name);
  await support.composer.fill("Half a thought of Ada's");

  await context.clearCookies();
  await context.addCookies(bisi.cookies);
  const beside = await context.newPage();
  await beside.goto("/dashboard/");
  await expect(beside.getByRole("link", { name: "Profile of Bisi" })).toBeVisible();
  await expect(support.page.getByRole("link", { name: "Profile of Bisi" })).toBeVisible();
  await expect(support.composer).toHaveValue("");
  await context.close();
});
