import { expect, test } from "./fixtures";

test("every action, page and ticket is found by its name, with the keyboard alone", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Where is my bicycle?");
  await support.visit();
  await support.open(phone.customer.name);
  const ticket = support.openedId();
  const palette = page.getByRole("dialog", { name: "What would you like to do?" });
  const field = palette.getByRole("combobox");
  const choose = async (words: string, command: string | RegExp) => {
    await page.keyboard.press("Control+k");
    await expect(field).toBeFocused();
    await page.keyboard.type(words);
    await expect(palette.getByRole("option", { selected: true })).toHaveText(command);
    await page.keyboard.press("Enter");
    await expect(palette).toBeHidden();
  };

  // While somebody writes, too; and Escape gives the focus back to what was being written.
  await support.composer.fill("Half a thought");
  await page.keyboard.press("Control+k");
  await expect(palette.getByRole("option", { name: "Assign to me" })).toContainText("A");
  await page.keyboard.press("Escape");
  await expect(support.composer).toBeFocused();

  await choose("assign me", /^Assign to me/);
  await expect(support.details.getByRole("combobox", { name: "Assignee" })).toHaveValue(/\d/);
  await choose("write note", /^Write a note/);
  await expect(page.getByRole("textbox", { name: "Your note" })).toBeFocused();

  await choose("tags", "Page: Tags");
  await expect(page).toHaveURL(/\/tags/);
  await choose(`#${ticket}`, `Open ticket #${ticket}`);
  await expect(page.getByRole("heading", { name: phone.customer.name, level: 2 })).toBeVisible();
  await choose("resolve", /^Resolve/);
  await expect(support.details.getByRole("button", { name: "Resolved" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );

  await page.keyboard.press("Control+k");
  await page.keyboard.type("closed");
  await page.keyboard.press("ArrowDown");
  await expect(palette.getByRole("option", { selected: true })).toHaveText("Search for “closed”");
  await page.keyboard.press("ArrowDown");
  await expect(palette.getByRole("option", { selected: true })).toHaveText("Queue: Closed");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/queue=closed/);

  await page.goto("/dashboard/");
  await page.getByRole("heading", { level: 1 }).waitFor({ state: "attached" });
  await choose(phone.customer.name, `Search for “${phone.customer.name}”`);
  await expect(support.ticketOf(phone.customer.name)).toBeVisible();
  expect(page.url()).not.toContain("Customer");
  await expect(page.getByRole("searchbox", { name: "Search tickets" })).toHaveValue(phone.customer.name);
});

test("theme and data saver are switched from it", async ({ page, support }) => {
  await support.visit();
  for (const [words, command] of [
    ["dark", "Use dark colours"],
    ["save", "Save data: no pictures by themselves"],
  ] as const) {
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").fill(words);
    await page.getByRole("option", { name: command }).click();
  }
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.goto("/settings/");
  await expect(page.getByRole("switch", { name: /^Save data/ })).toBeChecked();
});
