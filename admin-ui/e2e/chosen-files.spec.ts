import { randomBytes } from "node:crypto";
import { copyFileSync, readFileSync, rmSync } from "node:fs";

import { expect, test, watchQuestions } from "./fixtures";

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

test("a file that a server before the desk does not let through is uploaded once, and its sender is told", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  let uploads = 0;
  await page.route("**/api/support/media?*", (route) => {
    uploads += 1;
    const body = "<html><head><title>413 Request Entity Too Large</title></head></html>";
    return route.fulfill({ status: 413, contentType: "text/html", body });
  });
  await support.attach("Photo or video", "../simulator/samples/photo.jpg");
  await support.answer("In this colour");
  const answer = support.said("In this colour");
  await expect(answer.getByRole("alert")).toContainText("too large for the server in front of the desk");
  await page.waitForTimeout(6_000); // what waits for a way sets out again after five seconds
  expect(uploads).toBe(1);
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
  const asked = watchQuestions(page);
  await page.evaluate(() => setTimeout(() => window.location.reload()));
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await page.unroute("**/api/support/media?*");
  await expect(support.said("In this colour").getByTitle("Delivered")).toBeVisible();
  await page.reload();
  await expect(support.said("In this colour")).toHaveCount(1);
  expect(asked).toEqual(["beforeunload"]);
});

test("while an album goes up on a slow line, other customers are opened and answered", async ({
  support,
  phone,
  page,
  context,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  const number = `+2347${String(Date.now()).slice(-9)}`;
  const another = { phone_number: number, sender_name: `Album ${number}`, issue_description: "A lamp" };
  expect((await request.post("/api/support/tickets", { data: another })).ok()).toBe(true);
  await support.visit();
  await support.open(another.sender_name);
  const buffer = Buffer.concat([readFileSync("../simulator/samples/photo.jpg"), randomBytes(150_000)]);
  const album = Array.from({ length: 12 }, (_, index) => ({
    name: `${index}.jpg`,
    mimeType: "image/jpeg",
    buffer,
  }));
  await support.open(phone.customer.name);
  await support.attach("Photo or video", album);
  const line = await context.newCDPSession(page);
  await line.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 20,
    downloadThroughput: 500_000,
    uploadThroughput: 40_000,
  });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("button", { name: "Cancel" })).toHaveCount(album.length);
  await support.open(another.sender_name);
  await page.getByRole("button", { name: "Note", exact: true }).click();
  await page.getByRole("textbox", { name: "Your note" }).fill("Their lamp is ready");
  await page.getByRole("button", { name: "Add note" }).click();
  const stored = support
    .said("Their lamp is ready")
    .getByRole("button", { name: /^Actions for the message/ });
  await expect(stored).toBeAttached();
  await support.open(phone.customer.name);
  await expect(page.getByRole("button", { name: "Cancel" })).not.toHaveCount(0);
});
