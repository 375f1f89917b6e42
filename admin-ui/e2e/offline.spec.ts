import type { Page } from "@playwright/test";

import { ADMIN } from "./desks";
import { expect, test } from "./fixtures";
import type { PhonePage } from "./pages/phone-page";
import { SupportPage } from "./pages/support-page";

test.beforeEach(async ({ phone }) => {
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Where is my bicycle?");
});

const ANSWERS = "**/api/support/tickets/*/messages?*";
const cut = (page: Page) => page.route(ANSWERS, (route) => route.abort());
const waits = "This waits here, and is sent when it can be.";

test(
  "what is sent without a line waits across a reload, and arrives once",
  { tag: ["@P8", "@P12"] },
  async ({ support, phone, page, context }) => {
    await support.visit();
    await support.open(phone.customer.name);
    await context.setOffline(true);
    await support.answer("It is in Kano");
    await support.answer("Come for it on Friday");
    await expect(support.said("It is in Kano")).toContainText(waits);
    await expect(support.said("Come for it on Friday")).toContainText(waits);
    await support.composer.fill("Bring your");

    // The page itself can be loaded again, answers still find no way.
    await cut(page);
    await context.setOffline(false);
    await page.reload();
    await expect(support.said("It is in Kano")).toContainText(waits);
    await expect(support.composer).toHaveValue("Bring your");

    await page.getByRole("link", { name: "Tags" }).click();
    await expect(page.getByText("2 answers wait to be sent:")).toBeVisible();
    await page.unroute(ANSWERS);
    await expect(page.getByText("2 answers wait to be sent:")).toBeHidden();
    await expect.poll(() => saidTo(phone)).toEqual(["It is in Kano", "Come for it on Friday"]);
    await page.goBack();
    await expect(support.said("It is in Kano").getByTitle("Delivered")).toBeVisible();
    await expect(support.said("It is in Kano")).toHaveCount(1);
    await expect(support.said(waits)).toHaveCount(0);
    expect(await saidTo(phone)).toEqual(["It is in Kano", "Come for it on Friday"]);
  },
);

test("when the customer wrote meanwhile, the writer decides what becomes of a waiting answer", async ({
  support,
  phone,
  page,
}) => {
  await support.visit();
  await support.open(phone.customer.name);
  const ticket = support.openedId();
  await cut(page);
  await support.answer("It is in Jos");
  await expect(support.said("It is in Jos")).toContainText(waits);
  await page.goto("/tags/");
  await expect(page.getByText("1 answer waits to be sent:")).toBeVisible();
  await phone.writeUnseen("I have it now, thank you");
  await page.unroute(ANSWERS);

  await expect(page.getByText("1 answer was not sent:")).toBeVisible();
  await page.reload();
  await page.getByRole("link", { name: `ticket #${ticket}` }).click();
  const answer = support.said("It is in Jos");
  await expect(answer).toContainText("wrote meanwhile");
  expect(await saidTo(phone)).not.toContain("It is in Jos");
  await answer.getByRole("button", { name: "Change it" }).click();
  await expect(support.composer).toHaveValue("It is in Jos");
  await expect(answer).toHaveCount(0);
  await support.answer("Enjoy it!");
  await expect.poll(() => saidTo(phone)).toContain("Enjoy it!");
  expect(await saidTo(phone)).not.toContain("It is in Jos");
});

test("signing out asks about answers that wait, and leaves nothing of them or of drafts", async ({
  browser,
  phone,
}) => {
  const context = await browser.newContext({ storageState: undefined });
  const page = await context.newPage();
  await page.goto("/login/");
  await page.getByLabel("Email").fill(ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Dashboard" }).waitFor({ state: "attached" });
  const support = new SupportPage(page);
  await support.visit();
  await support.open(phone.customer.name);
  await cut(page);
  await support.answer("It is in Aba");
  await support.composer.fill("half a thought");
  await expect(support.said("It is in Aba")).toContainText(waits);
  expect(await keptWords(page)).toMatch(/It is in Aba.*half a thought|half a thought.*It is in Aba/);

  // Without a way to the desk either, the browser has to forget by itself.
  await page.route("**/api/auth/logout", (route) => route.abort());
  await page.getByRole("button", { name: "Sign out" }).click();
  const question = page.getByRole("dialog", { name: "Sign out?" });
  await expect(question).toContainText("1 answer is not sent yet.");
  await question.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Password", { exact: true }).waitFor();
  expect(await keptWords(page)).toBe("");
  await page.unroute(ANSWERS);
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.composer).toHaveValue("");
  await expect(support.said("It is in Aba")).toHaveCount(0);
  expect(await saidTo(phone)).not.toContain("It is in Aba");
  await context.close();
});

/** What the desk's people said to the phone, in order. */
async function saidTo(phone: PhonePage) {
  const all = await phone.messages();
  return all.map(({ text }) => text).filter((text) => /^(It is in|Come for|Enjoy)/.test(text));
}

const keptWords = (page: Page) =>
  page.evaluate(() =>
    Object.entries(localStorage)
      .filter(([key]) => key.startsWith("kept-"))
      .map(([, text]) => text)
      .join(" "),
  );
