import { expect, test } from "./fixtures";

test("a browser that gives the page no store of its own answers customers all the same", async ({
  support,
  phone,
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get: () => {
        throw new DOMException("Access is denied for this document.", "SecurityError");
      },
    });
  });
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await support.answer("Your bicycle is in Kano");
  await expect(support.said("Your bicycle is in Kano").getByTitle("Delivered")).toBeVisible();

  await page.goto("/settings/");
  const saver = page.getByRole("switch", { name: "Data saver" });
  await saver.click();
  await expect(saver).toBeChecked();
});
