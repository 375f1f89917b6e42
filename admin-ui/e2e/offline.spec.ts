import type { Page } from "@playwright/test";

import { ADMIN } from "./desks";
import { expect, keptWords, test } from "./fixtures";
import type { PhonePage } from "./pages/phone-page";
import { SupportPage } from "./pages/support-page";

test.beforeEach(async ({ phone }) => {
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Where is my bicycle?");
});

const ANSWERS = "**/api/support/tickets/*/messages?*";
const FILES = "**/api/support/media?*";
const PHOTO = "../simulator/samples/photo.jpg";
async function cut(page: Page) {
  for (const way of [ANSWERS, FILES]) await page.route(way, (route) => route.abort());
}
async function mend(page: Page) {
  for (const way of [ANSWERS, FILES]) await page.unroute(way);
}
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
    await mend(page);
    await expect(page.getByText("2 answers wait to be sent:")).toBeHidden();
    await expect.poll(() => saidTo(phone)).toEqual(["It is in Kano", "Come for it on Friday"]);
    await page.goBack();
    await expect(support.said("It is in Kano").getByTitle("Delivered")).toBeVisible();
    await expect(support.said("It is in Kano")).toHaveCount(1);
    await expect(support.said(waits)).toHaveCount(0);
    expect(await saidTo(phone)).toEqual(["It is in Kano", "Come for it on Friday"]);
  },
);

test(
  "a file that is sent without a line waits across a reload, and arrives once",
  { tag: ["@P8", "@P12"] },
  async ({ support, phone, page, context }) => {
    await support.visit();
    await support.open(phone.customer.name);
    await support.attach("Photo or video", PHOTO);
    await context.setOffline(true);
    await support.answer("It is in Lekki");
    const answer = support.said("It is in Lekki");
    await expect(answer).toContainText(waits);
    await expect.poll(() => keptFiles(page)).toBe(1);

    await cut(page);
    await context.setOffline(false);
    await page.reload();
    await expect(answer).toContainText(waits);
    await expect(answer.getByRole("img", { name: "photo.jpg" })).not.toHaveJSProperty("naturalWidth", 0);
    // A second tab takes it up as well; whichever comes first sends it.
    const otherTab = await context.newPage();
    await cut(otherTab);
    await otherTab.goto("/tags/");
    await expect(otherTab.getByText("1 answer waits to be sent:")).toBeVisible();
    await Promise.all([mend(page), mend(otherTab)]);
    await expect(answer.getByTitle("Delivered")).toBeVisible();
    await expect(otherTab.getByText("1 answer waits to be sent:")).toBeHidden();

    await page.reload();
    await expect(answer.getByTitle("Delivered")).toBeVisible();
    await expect(answer).toHaveCount(1);
    const sent = (await phone.messages()).filter((message) => message.author !== "customer" && message.media);
    expect(sent.map(({ text, media }) => [text, media?.mime_type])).toEqual([
      ["It is in Lekki", "image/jpeg"],
    ]);
    await expect.poll(() => keptWords(page)).toBe("");
    await expect.poll(() => keptFiles(page)).toBe(0);
  },
);

test("a file that waits is dropped for good by its writer", async ({ support, phone, page }) => {
  await support.visit();
  await support.open(phone.customer.name);
  await support.attach("Photo or video", PHOTO);
  await cut(page);
  await support.answer("It is in Yaba");
  const answer = support.said("It is in Yaba");
  await expect(answer).toContainText(waits);
  await page.reload();
  await answer.getByRole("button", { name: "Discard" }).click();
  await expect(answer).toHaveCount(0);
  await expect.poll(() => keptFiles(page)).toBe(0);
  await mend(page);
  await page.reload();
  await expect(support.said("Where is my bicycle?")).toBeVisible();
  await expect(answer).toHaveCount(0);
  expect(await saidTo(phone)).not.toContain("It is in Yaba");
});

test("the writer decides where the customer wrote meanwhile", async ({ support, phone, page, request }) => {
  await support.visit();
  await support.open(phone.customer.name);
  const ticket = support.openedId();
  await cut(page);
  await support.answer("It is in Jos");
  await expect(support.said("It is in Jos")).toContainText(waits);
  await page.goto("/tags/");
  await expect(page.getByText("1 answer waits to be sent:")).toBeVisible();
  await phone.writeUnseen("I have it now, thank you");
  const thread = `/api/support/tickets/${ticket}`;
  await expect.poll(async () => (await request.get(thread)).text()).toContain("I have it now");
  await mend(page);

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

test(
  "what waits for a customer who was erased meanwhile goes from the browser",
  { tag: "@P36" },
  async ({ support, phone, page, request }) => {
    await support.visit();
    await support.open(phone.customer.name);
    const ticket = `/api/support/tickets/${support.openedId()}`;
    await cut(page);
    await support.answer("It is in Kano");
    await expect(support.said("It is in Kano")).toContainText(waits);
    await support.composer.fill("half a thought");
    await page.goto("/tags/");
    await expect(page.getByText("1 answer waits to be sent:")).toBeVisible();
    const { data } = (await (await request.get(ticket)).json()) as { data: { contact_id: number } };
    await request.post(`/api/support/contacts/${data.contact_id}/erase`, { data: {} });
    await mend(page);
    await expect.poll(() => keptWords(page)).toBe("half a thought");
    await page.goBack();
    await expect(support.details.getByText("This customer was erased.")).toBeVisible();
    await expect.poll(() => keptWords(page)).toBe("");
  },
);

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
  await support.attach("Photo or video", PHOTO);
  await support.answer("It is in Kano, too");
  await support.composer.fill("half a thought");
  await expect(support.said("It is in Aba")).toContainText(waits);
  await expect(support.said("It is in Kano, too")).toContainText(waits);
  await expect.poll(() => keptFiles(page)).toBe(1);
  await expect
    .poll(() => keptWords(page))
    .toMatch(/It is in Aba.*half a thought|half a thought.*It is in Aba/);

  // Without a way to the desk either, the browser has to forget by itself.
  await page.route("**/api/auth/logout", (route) => route.abort());
  await page.getByRole("button", { name: "Sign out" }).click();
  const question = page.getByRole("dialog", { name: "Sign out?" });
  await expect(question).toContainText("2 answers are not sent yet.");
  await question.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Password", { exact: true }).waitFor();
  expect(await keptWords(page)).toBe("");
  await expect.poll(() => keptFiles(page)).toBe(0);
  await mend(page);
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

const keptFiles = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open("waiting-files");
        opening.onsuccess = () => {
          const count = opening.result.transaction("files").objectStore("files").count();
          count.onsuccess = () => {
            opening.result.close();
            resolve(count.result);
          };
        };
      }),
  );
