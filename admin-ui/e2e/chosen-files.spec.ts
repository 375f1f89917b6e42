import { copyFileSync, rmSync } from "node:fs";

import { expect, test } from "./fixtures";

test("who sends a file that was deleted since it was chosen is told so, and not that it waits for the line", async ({
  support,
  phone,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const photo = test.info().outputPath("photo.jpg");
  copyFileSync("../simulator/samples/photo.jpg", photo);
  await support.attach("Photo or video", photo);
  rmSync(photo);
  await support.answer("It looks like this");
  const answer = support.said("It looks like this");
  await expect(answer.getByRole("alert")).toContainText(
    "it was moved, changed or deleted since it was chosen",
  );
  await support.attach("Photo or video", "../simulator/samples/photo.jpg");
  await support.answer("Here it is again");
  await expect(support.said("Here it is again").getByTitle("Delivered")).toBeVisible();
  await answer.getByRole("button", { name: "Discard" }).click();
  await expect(answer).toHaveCount(0);
});

test("who leaves the page while files are neither at the desk nor kept by the browser is asked first", async ({
  support,
  phone,
  page,
}) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await page.route("**/api/support/media?*", (route) => route.abort());
  await support.attach("Photo or video", "../simulator/samples/photo.jpg");
  await support.answer("In this colour");
  await expect(support.said("In this colour")).toContainText("leave the page open, or it is lost");
  const asked: string[] = [];
  page.on("dialog", (question) => {
    asked.push(question.type());
    void question.dismiss();
  });
  await page.evaluate(() => setTimeout(() => window.location.reload()));
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await page.unroute("**/api/support/media?*");
  await expect(support.said("In this colour").getByTitle("Delivered")).toBeVisible();
  await page.reload();
  await expect(support.said("In this colour")).toHaveCount(1);
  expect(asked).toEqual(["beforeunload"]);
});
