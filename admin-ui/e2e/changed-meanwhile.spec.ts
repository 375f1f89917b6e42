import { contactOf, expect, keptWords, test } from "./fixtures";

test(
  "whoever answers a customer that a colleague erases is told so, and shows nothing of them any more",
  { tag: "@P36" },
  async ({ colleague, phone, request }) => {
    const { page } = colleague;
    await phone.writeUnseen("Chat Support");
    await phone.writeUnseen("My daughter is called Amara");
    await phone.sendUnseen({ type: "image", text: "This is Amara" });
    await colleague.visit();
    await colleague.open(phone.customer.name);
    await colleague.openMenuOf(colleague.said("My daughter is called Amara"));
    await page.getByRole("button", { name: "Reply", exact: true }).click();
    await colleague.composer.fill("How old is Amara?");
    const photo = colleague.said("This is Amara").getByRole("img");
    await expect(photo).toBeVisible();
    await photo.click();
    await expect(page.getByRole("dialog").getByText("This is Amara")).toBeVisible();

    const contactId = await contactOf(request, colleague.openedId());
    const erased = await request.post(`/api/support/contacts/${contactId}/erase`, { data: {} });
    expect(erased.ok()).toBe(true);
    await expect(page.getByRole("heading", { name: "Erased customer", level: 2 })).toBeVisible();
    await expect(page.getByText("Nothing reaches them from here any more.")).toBeVisible();
    await expect(page.getByText("Amara")).toHaveCount(0);
    await expect(page.getByText(phone.customer.name)).toHaveCount(0);
    await expect(colleague.composer).toHaveCount(0);
    await expect.poll(() => keptWords(page)).toBe("");
  },
);

test("whoever blocks a customer while the desk cannot be reached is told so where they look", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await page.route("**/api/support/contacts/*", (route) =>
    route.request().method() === "PATCH" ? route.abort() : route.continue(),
  );
  await support.details.getByRole("button", { name: "Block" }).click();
  const question = page.getByRole("dialog");
  await question.getByRole("button", { name: "Block" }).click();
  await expect(question.getByRole("alert")).toHaveText(/^The desk cannot be reached/);
  await page.unroute("**/api/support/contacts/*");
  await question.getByRole("button", { name: "Block" }).click();
  await expect(support.details.getByText(/^Blocked since/)).toBeVisible();
});

test("what was written on a ticket that is gone can be read and dropped by its writer", async ({
  support,
  page,
  request,
}) => {
  expect((await request.post("/api/support/sample-data", { data: {} })).ok()).toBe(true);
  await support.visit();
  await page.getByRole("searchbox", { name: "Search tickets" }).fill("Ngozi Eze (sample)"); // far down by now
  await support.open("Ngozi Eze (sample)");
  const id = support.openedId();
  await page.route("**/api/support/tickets/*/messages?*", (route) => route.abort());
  await support.answer("It took me an hour to write this");
  await expect(support.said("It took me an hour to write this")).toContainText("This waits here");
  await support.composer.fill("Half a thought");
  expect((await request.delete("/api/support/sample-data")).ok()).toBe(true);
  await page.goto("/tags/");
  await page.unroute("**/api/support/tickets/*/messages?*");
  await expect(page.getByText("1 answer was not sent:")).toBeVisible();

  await page.getByRole("link", { name: `ticket #${id}` }).click();
  await expect(page.getByText("This ticket does not exist, or not any more.")).toBeVisible();
  await expect(page.getByText("Half a thought")).toBeVisible();
  const answer = page.getByRole("group").filter({ hasText: "It took me an hour to write this" });
  await answer.getByRole("button", { name: "Discard" }).click();
  await expect(answer).toHaveCount(0);
  await page.getByRole("button", { name: "Discard" }).click();
  await expect.poll(() => keptWords(page)).toBe("");
  await page.getByRole("link", { name: "Back to the list" }).click();
  await expect(page.getByText("1 answer was not sent:")).toHaveCount(0);
});
