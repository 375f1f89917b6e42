import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";
import { expectGoodFor, expectGoodInLightAndDark } from "./good-for-everyone";

/** What an open list half covers is not to be pressed, so axe then looks at this alone. */
const ANSWER = 'section[aria-label="Answer"]';
const unique = () => `z${Date.now().toString(36)}`;
const options = (page: Page) => page.getByRole("listbox").getByRole("option");

test("a canned reply from its making to its end, by keyboard", async ({ page }) => {
  const shortcut = unique();
  await page.goto("/canned-replies/");
  await page.getByRole("button", { name: "New canned reply" }).press("Enter");
  await page.keyboard.type(`/${shortcut}`);
  await page.keyboard.press("Tab");
  await page.keyboard.type("Opening hours");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Dear ");
  await page.getByRole("button", { name: "Customer’s first name" }).press("Space");
  await page.keyboard.type(", we open at {{nine}}.");
  await expect(page.getByText("Dear Amaka, we open at.")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).press("Enter");
  await expect(page.getByRole("dialog").getByText("There is no variable 'nine'")).toBeVisible();
  await page.getByRole("textbox", { name: "Text" }).fill("Dear {{contact.first_name}}, we open at 9.");
  await page.getByRole("button", { name: "Save" }).press("Enter");
  const row = page.getByRole("listitem").filter({ hasText: `/${shortcut}` });
  await expect(row).toContainText("we open at 9");

  await row.getByRole("button", { name: `Change /${shortcut}` }).press("Enter");
  await page.getByRole("textbox", { name: "Title" }).fill("When we open");
  await page.keyboard.press("Enter");
  await expect(row).toContainText("When we open");
  await row.getByRole("button", { name: `Change /${shortcut}` }).press("Enter");
  await page.getByRole("button", { name: "Delete", exact: true }).press("Enter");
  await page.getByRole("button", { name: "Delete it" }).press("Enter");
  await expect(row).toHaveCount(0);
});

test("a change that a colleague overtook shows theirs and keeps one's own", async ({ page, request }) => {
  const fields = { shortcut: unique(), title: "Hello", text: "Good day" };
  const made = await request.post("/api/support/canned-replies", { data: fields });
  const { id } = ((await made.json()) as { data: { id: number } }).data;
  await page.route("**/api/events*", (route) => route.abort());
  await page.goto("/canned-replies/");
  await page.getByRole("button", { name: `Change /${fields.shortcut}` }).click();
  await page.getByRole("textbox", { name: "Text" }).fill("Good morning");
  const theirs = { ...fields, text: "Good evening", version: 1 };
  expect((await request.put(`/api/support/canned-replies/${id}`, { data: theirs })).ok()).toBe(true);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("Somebody changed this");
  await expect(page.getByRole("dialog").getByText("Good evening")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: fields.shortcut })).toContainText("Good morning");
});

test("what is written of a canned reply that a colleague deletes stays to be copied", async ({
  page,
  request,
}) => {
  const fields = { shortcut: unique(), title: "Hello", text: "Good day" };
  const made = await request.post("/api/support/canned-replies", { data: fields });
  const { id } = ((await made.json()) as { data: { id: number } }).data;
  await page.goto("/canned-replies/");
  await page.getByText("Live", { exact: true }).waitFor({ state: "attached" });
  await page.getByRole("button", { name: `Change /${fields.shortcut}` }).click();
  const text = page.getByRole("dialog").getByRole("textbox", { name: "Text" });
  await text.fill("Good morning, we are open from eight");
  expect((await request.delete(`/api/support/canned-replies/${id}`)).ok()).toBe(true);
  await expect(page.getByRole("listitem").filter({ hasText: fields.shortcut })).toHaveCount(0);
  await expect(text).toHaveValue("Good morning, we are open from eight");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("canned reply");
});

test("who may not change canned replies sees no way to, and can add one", async ({ colleague }) => {
  const { page } = colleague;
  const shortcut = unique();
  await page.goto("/canned-replies/");
  await page.getByRole("button", { name: "New canned reply" }).click();
  await page.getByLabel("Shortcut").fill(shortcut);
  await page.getByLabel("Title").fill("From Bisi");
  await page.getByRole("textbox", { name: "Text" }).fill("Hello");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: shortcut })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Change/ })).toHaveCount(0);
});

test("a desk without canned replies says what to do", async ({ page, support, phone }) => {
  const none = { status: "success", message: "", data: { canned_replies: [], variables: [] } };
  await page.route("**/api/support/canned-replies", (route) => route.fulfill({ json: none }));
  await page.goto("/canned-replies/");
  await expect(page.getByText("There are no canned replies yet. Add the first one")).toBeVisible();
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await support.composer.pressSequentially("/");
  await expect(page.getByText("There are no canned replies yet. Add the first one")).toBeVisible();
  await page.getByRole("link", { name: "All canned replies" }).click();
  await expect(page).toHaveURL(/canned-replies/);
});

test("a slash offers canned replies, and one goes out with its variables filled in", async ({
  support,
  phone,
  page,
  request,
}) => {
  const word = unique();
  for (const [shortcut, title, text] of [
    [`${word}-a`, "Way to the shop", "It is in Ibadan."],
    [
      `${word}-b`,
      "Welcome",
      "Dear {{contact.first_name}}, this is {{agent.name}} of {{business.name}} (#{{ticket.id}}).",
    ],
    [`${word}-c`, "Goodbye", "Bye"],
  ] as const) {
    const made = await request.post("/api/support/canned-replies", { data: { shortcut, title, text } });
    expect(made.ok()).toBe(true);
  }
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Where are you?");
  await support.visit();
  await support.open(phone.customer.name);
  const { composer } = support;
  const described = () =>
    composer.evaluate((field) => {
      const id = field.getAttribute("aria-activedescendant");
      return (id && document.getElementById(id)?.textContent) || "";
    });

  await composer.pressSequentially(`Good day! See https://example.org/${word} and/${word}`);
  await expect(options(page)).toHaveCount(0);
  await composer.pressSequentially(` /${word}`);
  await expect(options(page)).toHaveCount(3);
  await expect(page.getByText("3 canned replies fit")).toBeAttached();
  await expect.poll(described).toContain("Way to the shop");
  await page.keyboard.press("ArrowUp");
  await expect.poll(described).toContain("Goodbye");
  await page.keyboard.press("ArrowUp");
  await expect.poll(described).toContain("Welcome");
  await expectGoodFor(page, ANSWER);

  await page.keyboard.press("Escape");
  await expect(options(page)).toHaveCount(0);
  await page.keyboard.type("-");
  await expect(options(page)).toHaveCount(0);
  await composer.fill("");

  const name = phone.customer.name.split(" ")[0] ?? "";
  const id = support.openedId();
  const filled = `Dear ${name}, this is ada of Trade by Barter (#${id}).`;
  await composer.pressSequentially(`/welc`);
  await expect(options(page).filter({ hasText: `${word}-b` })).toBeVisible();
  await composer.fill("");
  await composer.pressSequentially(`/${word}-b`);
  await expect(options(page)).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(composer).toHaveValue(filled);
  await page.keyboard.type(` /${word}-a`);
  await expect(options(page)).toHaveCount(1);
  await page.keyboard.press("Tab");
  await expect(composer).toHaveValue(`${filled} It is in Ibadan.`);
  await expect(composer).toBeFocused();
  await page.keyboard.press("Control+Enter");
  await expect(support.said("It is in Ibadan.").getByTitle("Delivered")).toBeVisible();
  await phone.openChat();
  await expect(phone.received(`${filled} It is in Ibadan.`)).toHaveCount(1);
});

test("the chosen canned reply stays chosen when a colleague deletes one above it", async ({
  support,
  phone,
  page,
  request,
}) => {
  const word = unique();
  const ids: number[] = [];
  for (const name of ["Ada", "Bola", "Chidi"]) {
    const fields = { shortcut: `${word}${name.toLowerCase()}`, title: name, text: `Ask ${name}` };
    const made = await request.post("/api/support/canned-replies", { data: fields });
    ids.push(((await made.json()) as { data: { id: number } }).data.id);
  }
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await support.composer.pressSequentially(`/${word}`);
  await expect(options(page)).toHaveCount(3);
  await page.keyboard.press("ArrowDown");
  await expect(options(page).filter({ hasText: "Ask Bola" })).toHaveAttribute("aria-selected", "true");
  expect((await request.delete(`/api/support/canned-replies/${ids[0]}`)).ok()).toBe(true);
  await expect(options(page)).toHaveCount(2);
  await page.keyboard.press("Enter");
  await expect(support.composer).toHaveValue("Ask Bola");
});

test.describe("on a small phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("canned replies are reached, made and tapped with a thumb", async ({ support, phone, page }) => {
    const shortcut = unique();
    await page.goto("/settings/");
    await page.getByRole("link", { name: "All canned replies" }).tap();
    await expect(page.getByRole("heading", { name: "Canned replies", level: 1 })).toBeVisible();
    await expectGoodInLightAndDark(page);
    await page.getByRole("button", { name: "New canned reply" }).tap();
    await page.getByLabel("Shortcut").fill(shortcut);
    await page.getByLabel("Title").fill("Thanks");
    await page.getByRole("textbox", { name: "Text" }).fill("Thank you, {{contact.first_name}}!");
    await expectGoodInLightAndDark(page);
    await page.getByRole("button", { name: "Save" }).tap();
    await expect(page.getByRole("listitem").filter({ hasText: shortcut })).toBeVisible();
    await phone.writeUnseen("Chat Support");
    await support.visit();
    await support.open(phone.customer.name);
    await support.chooseKind("Canned reply");
    await expect(options(page).first()).toBeVisible();
    await expectGoodInLightAndDark(page, ANSWER);
    await support.composer.pressSequentially(shortcut);
    await options(page).tap();
    await expect(support.composer).toHaveValue("Thank you, Customer!");
    await expect(support.composer).toBeFocused();
  });
});
