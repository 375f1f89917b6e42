import { expect, test } from "./fixtures";

test("who presses a button with the keyboard is still on it while the desk is at work, and after", async ({
  page,
}) => {
  const answers: (() => void)[] = [];
  await page.route("**/api/support/settings", async (route) => {
    if (route.request().method() === "PATCH") await new Promise<void>((answer) => answers.push(answer));
    await route.continue();
  });
  await page.goto("/settings/");
  const save = page.getByRole("button", { name: "Save the rates" });
  await save.focus();
  await page.keyboard.press("Enter");
  await expect(save).toHaveAttribute("data-loading");
  await expect(save).toBeFocused();
  await expect(save).toBeDisabled();
  await page.keyboard.press("Enter");
  await page.getByLabel("Currency").press("Enter");
  await save.focus();
  expect(answers).toHaveLength(1);
  answers.forEach((answer) => answer());
  await expect(page.getByText("Saved.", { exact: true })).toBeVisible();
  await expect(save).toBeFocused();
  expect(answers).toHaveLength(1);
});

test("who sends an answer by its button is not put back to the top of the page", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const send = page.getByRole("button", { name: "Send", exact: true });
  await support.composer.fill("It is in Kano");
  await send.press("Enter");
  await expect(support.said("It is in Kano").getByTitle("Delivered")).toBeVisible();
  await expect(send).toBeDisabled();
  await expect(send).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(support.said("It is in Kano")).toHaveCount(1);
});
