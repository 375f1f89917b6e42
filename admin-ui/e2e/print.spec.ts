import { expect, test } from "./fixtures";

test.use({ colorScheme: "dark" });

test("of an opened ticket the whole conversation is printed, dark on light, and nothing else", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  for (let line = 0; line < 30; line += 1) await phone.writeUnseen(`Line ${line} of what happened`);
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.said("Line 29")).toBeVisible();

  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(support.ticketOf(phone.customer.name)).toBeHidden();
  await expect(support.composer).toBeHidden();
  await expect(support.details).toBeHidden();
  await expect(page.getByRole("navigation").first()).toBeHidden();
  await expect(page.getByRole("heading", { name: phone.customer.name })).toBeVisible();
  const thread = page.getByRole("region", { name: /^Conversation with/ });
  await expect.poll(() => thread.evaluate((it) => it.scrollHeight - it.clientHeight)).toBe(0);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  expect(height).toBeGreaterThan(1_500); // thirty lines, none of them behind a bar
  await expect(thread.getByText("Today")).toBeHidden(); // on another day it would be wrong
  await expect(support.said("Line 0 of")).toHaveCSS("color", "rgb(22, 33, 29)");
});
