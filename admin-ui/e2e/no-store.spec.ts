import { expect, test, watchQuestions } from "./fixtures";

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

test("who leaves the page while words wait that the browser has no room for is told, and asked first", async ({
  support,
  phone,
  page,
}) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await page.route("**/api/support/tickets/*/messages?*", (route) => route.abort());
  await support.answer("It took me an hour to write this");
  const answer = support.said("It took me an hour to write this");
  await expect(answer).toContainText("leave the page open, or it is lost");
  const asked = watchQuestions(page);
  await page.evaluate(() => setTimeout(() => window.location.reload()));
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await page.unroute("**/api/support/tickets/*/messages?*");
  await expect(answer.getByTitle("Delivered")).toBeVisible();
  await page.reload();
  await expect(answer).toHaveCount(1);
  expect(asked).toEqual(["beforeunload"]);
});
