import { readFile } from "node:fs/promises";

import { contactOf, expect, keptWords, saved, test } from "./fixtures";

const CUSTOMER = "Customer";

test("the customer beside the thread is edited in place, and a stale note is not lost", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const panel = support.details.getByRole("region", { name: CUSTOMER });
  await expect(panel.getByText(/^\+234 \d{3} \d{3} \d{4}$/)).toBeVisible();
  await panel.getByRole("button", { name: "Edit: Name" }).click();
  await panel.getByRole("textbox", { name: "Name" }).fill("Madam Amara");
  await page.keyboard.press("Enter");
  await expect(panel.getByText("Madam Amara")).toBeVisible();
  await expect(support.ticketOf("Madam Amara")).toBeVisible();
  await saved(page, "/contacts/", () => panel.getByLabel("Language").selectOption({ label: "Hausa" }));
  await saved(page, "/contacts/", () => panel.getByLabel("Time zone").selectOption("Asia/Tokyo"));
  await page.reload();
  await expect(panel.getByLabel("Language")).toHaveValue("ha");
  await expect(panel.getByLabel("Time zone")).toHaveValue("Asia/Tokyo");

  await panel.getByRole("button", { name: "Write a note" }).click();
  const note = panel.getByRole("textbox", { name: "Note on this person" });
  await note.fill("Calls in the evening");
  const contactId = await contactOf(request, support.openedId());
  const colleague = await request.patch(`/api/support/contacts/${contactId}`, {
    data: { note: "Pays by transfer" },
  });
  expect(colleague.ok()).toBe(true);
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByText("Somebody changed this customer meanwhile.")).toBeVisible();
  await expect(panel.getByText("Pays by transfer")).toBeVisible();
  await expect(note).toHaveValue("Calls in the evening");
  await note.fill("Pays by transfer, calls in the evening");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByRole("button", { name: "Edit: Note on this person" })).toBeVisible();
  await expect(panel.getByText("Pays by transfer, calls in the evening")).toBeVisible();
});

test("a name or a note is saved though something else of the customer was changed meanwhile", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const panel = support.details.getByRole("region", { name: CUSTOMER });
  const save = panel.getByRole("button", { name: "Save" });
  await panel.getByRole("button", { name: "Write a note" }).click();
  await panel.getByRole("textbox", { name: "Note on this person" }).fill("Calls in the evening");
  await saved(page, "/contacts/", () => panel.getByLabel("Language").selectOption({ label: "Hausa" }));
  await save.click();
  await expect(panel.getByText("Calls in the evening")).toBeVisible();
  await expect(save).toHaveCount(0);

  await panel.getByRole("button", { name: "Edit: Name" }).click();
  await panel.getByRole("textbox", { name: "Name" }).fill("Madam Amara");
  await saved(page, "/contacts/", () => panel.getByLabel("Language").selectOption({ label: "Igbo" }));
  const contactId = await contactOf(request, support.openedId());
  const theirs = await request.patch(`/api/support/contacts/${contactId}`, { data: { name: "Mama Amara" } });
  expect(theirs.ok()).toBe(true);
  await save.click();
  await expect(panel.getByText("Somebody changed this customer meanwhile.")).toBeVisible();
  await expect(panel.getByText("It says now: Mama Amara")).toBeVisible();
  await save.click();
  await expect(panel.getByText("Madam Amara")).toBeVisible();
});

test("an answer that is written while a name is being edited does not land in the name", async ({
  support,
  phone,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await support.details.getByRole("button", { name: "Edit: Name" }).click();
  const name = support.details.getByRole("textbox", { name: "Name" });
  await expect(name).toBeFocused();
  await support.composer.click();
  await support.composer.pressSequentially("It is in Kano");
  await expect(support.composer).toHaveValue("It is in Kano");
  await expect(name).toHaveValue(phone.customer.name);
});

test("a language stands as it was chosen while a slow line takes it to the desk", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/support/contacts/*", async (route) => {
    if (route.request().method() === "PATCH") await held;
    await route.continue();
  });
  const language = support.details.getByLabel("Language");
  await language.selectOption({ label: "Hausa" });
  await page.waitForTimeout(500); // what is drawn at once may jump back a moment later
  await expect(language).toHaveValue("ha");
  // The keyboard goes through the list one by one, and each is a choice.
  await language.selectOption({ label: "Igbo" });
  await expect(language).toHaveValue("ig");
  await saved(page, "/contacts/", async () => letGo());
  await page.waitForTimeout(500);
  await expect(language).toHaveValue("ig");
  await expect(support.details.getByText("Somebody changed this customer meanwhile.")).toBeHidden();
  await page.reload();
  await expect(language).toHaveValue("ig");
});

test("a note that is not saved waits for its writer, until the customer is erased", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const panel = support.details.getByRole("region", { name: CUSTOMER });
  const note = panel.getByRole("textbox", { name: "Note on this person" });
  await panel.getByRole("button", { name: "Write a note" }).click();
  await note.fill("Calls in the evening");
  const contactId = await contactOf(request, support.openedId());
  await page.getByRole("link", { name: "Tags" }).click();
  await request.patch(`/api/support/contacts/${contactId}`, { data: { note: "Pays by transfer" } });
  await page.goBack();
  await expect(note).toHaveValue("Calls in the evening");
  await page.reload();
  await expect(note).toHaveValue("Calls in the evening");

  // It was begun before the colleague's, and is not to take the place of that unseen.
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByText("Pays by transfer")).toBeVisible();
  await expect(note).toHaveValue("Calls in the evening");
  await panel.getByRole("button", { name: "Save" }).click();
  await expect(panel.getByRole("button", { name: "Edit: Note on this person" })).toBeVisible();
  await page.reload();
  await expect(panel.getByRole("button", { name: "Edit: Note on this person" })).toBeVisible();

  await panel.getByRole("button", { name: "Edit: Note on this person" }).click();
  await note.fill("Owes us a goat");
  await expect.poll(() => keptWords(page)).toContain("goat");
  await request.post(`/api/support/contacts/${contactId}/erase`, { data: {} });
  await expect(panel.getByText("This customer was erased.")).toBeVisible();
  await expect.poll(() => keptWords(page)).not.toContain("goat");
});

test("who is blocked is heard no more, and again once unblocked", async ({ support, phone, page }) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const panel = support.details.getByRole("region", { name: CUSTOMER });
  await panel.getByRole("button", { name: "Block" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Block" }).click();
  await expect(panel.getByText(/^Blocked since/)).toBeVisible();
  await expect(support.said("blocked")).toHaveCount(1);
  const answers = (await phone.messages()).length;
  await phone.writeUnseen("Chat Support");

  await panel.getByRole("button", { name: "Unblock" }).click();
  await expect(panel.getByText(/^Blocked since/)).toBeHidden();
  // WhatsApp hears of it a moment later than the page; what is written until then never leaves the phone.
  await expect(async () => {
    await phone.writeUnseen("Chat Support please");
    await expect(support.ticketOf(phone.customer.name)).toBeVisible({ timeout: 1500 });
  }).toPass({ timeout: 15_000 });
  const after = (await phone.messages()).slice(answers);
  expect(after.slice(0, 2).map((message) => message.author)).toEqual(["customer", "customer"]);
  await support.open(phone.customer.name);
  await panel.getByText("Earlier tickets (1)").click();
  await panel.getByRole("link", { name: /^#/ }).click();
  await expect(support.said("unblocked")).toHaveCount(1);
});

test("a customer's data is handed over as a file, and erased once that was confirmed by typing", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Please forget me");
  await support.visit();
  await support.open(phone.customer.name);
  const panel = support.details.getByRole("region", { name: CUSTOMER });
  const contactId = await contactOf(request, support.openedId());
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Export their data" }).click();
  expect((await download).suggestedFilename()).toBe(`customer-${contactId}.json`);
  const file = JSON.parse(await readFile(await (await download).path(), "utf8")) as { profile_name: string };
  expect(file.profile_name).toBe(phone.customer.name);
  expect(JSON.stringify(file)).toContain("Please forget me");

  await panel.getByRole("button", { name: "Erase" }).click();
  const question = page.getByRole("dialog", { name: `Erase ${phone.customer.name} for good?` });
  const sure = question.getByRole("button", { name: "Erase for good" });
  await expect(sure).toBeDisabled();
  await question.getByLabel("Type “erase” to confirm").fill("erase");
  await sure.click();
  await expect(page.getByRole("heading", { name: "Erased customer", level: 2 })).toBeVisible();
  await expect(panel.getByText("This customer was erased.")).toBeVisible();
  await expect(support.said("Please forget me")).toHaveCount(0);
  await expect(page.getByText(phone.customer.name)).toHaveCount(0);
});

test("a customer who is erased goes from the pages of colleagues too", async ({
  colleague,
  phone,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Please forget me");
  await colleague.visit();
  await colleague.page.getByRole("searchbox", { name: "Search tickets" }).fill(phone.customer.name);
  await colleague.open(phone.customer.name);
  await expect(colleague.said("Please forget me")).toBeVisible();
  const contactId = await contactOf(request, colleague.openedId());
  const erased = await request.post(`/api/support/contacts/${contactId}/erase`, { data: {} });
  expect(erased.ok()).toBe(true);
  await expect(colleague.page.getByRole("heading", { name: "Erased customer", level: 2 })).toBeVisible();
  await expect(colleague.said("Please forget me")).toHaveCount(0);
  await expect(colleague.details.getByText("This customer was erased.")).toBeVisible();
  await expect(colleague.page.getByText(phone.customer.name)).toHaveCount(0);
});
