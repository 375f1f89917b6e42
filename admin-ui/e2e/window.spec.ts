import { expect, test } from "./fixtures";

test.beforeEach(async ({ request }) => {
  expect((await request.post("/api/support/templates/sync", { data: {} })).ok()).toBe(true);
});

test("warns before the window closes, in the list too", async ({ support, phone, page }) => {
  await phone.setClockBack(22.5);
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await page.getByRole("combobox", { name: "Sort by" }).selectOption("Closing soonest");
  await expect(page).toHaveURL(/sort=closing/);
  await expect(support.tickets.first()).toContainText(phone.customer.name);
  await support.open(phone.customer.name);
  await expect(page.getByText(/^Only 1 h 2\d min left to answer freely/)).toBeVisible();
  await expect(support.ticketOf(phone.customer.name)).toContainText(/1 h 2\d min/);
});

test("who waits in silence comes into the list of those whose window is about to close", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.setClockBack(23.5);
  await phone.writeUnseen("Chat Support");
  const open = async () => (await request.get("/api/support/tickets?sort=newest&limit=1")).text();
  await expect.poll(open).toContain(phone.customer.name);
  // What the desk would have said an hour ago.
  const none = { tickets: [], total: 0, total_is_capped: false, next_cursor: null };
  const isOfList = (url: URL) => url.searchParams.has("closing_within_minutes");
  await page.route(isOfList, (route) =>
    route.fulfill({ json: { status: "success", message: "", data: none } }),
  );
  await page.clock.install();
  await support.visit("?queue=open&closing=1");
  await expect(page.getByText("No ticket in this queue passes the filters.")).toBeVisible();
  await page.unroute(isOfList);
  await page.clock.fastForward("02:00");
  await expect(support.ticketOf(phone.customer.name)).toBeVisible();
});

test("once it is closed only templates are offered, filled in with a preview", async ({
  support,
  phone,
  page,
}) => {
  await phone.setClockBack(25);
  await phone.writeUnseen("Chat Support");
  await support.visit("?sort=newest");
  await support.open(phone.customer.name);
  await expect(page.getByText("24-hour window has closed")).toBeVisible();
  await expect(support.composer).toBeHidden();

  await page.getByRole("button", { name: "Choose a template" }).click();
  const dialog = page.getByRole("dialog", { name: "Send a template" });
  await dialog.getByRole("searchbox").fill("order");
  await dialog.getByRole("listitem").getByRole("button").first().click();
  const fields = await dialog.getByRole("textbox").all();
  expect(fields.length).toBeGreaterThan(0);
  for (const [index, field] of fields.entries()) await field.fill(`value ${index + 1}`);
  await expect(dialog.getByTestId("template-preview")).toContainText("value 1");
  await support.sendDialog();
  await expect(support.said("value 1").getByTitle("Delivered")).toBeVisible();
  expect((await phone.messages()).at(-1)?.text).toContain("value 2");
});

test("words that come too late go back to the draft", async ({ support, phone, page }) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await page.route("**/messages?*", (route) =>
    route.fulfill({
      status: 409,
      json: { status: "error", message: "Too late.", code: "window_closed", details: null },
    }),
  );
  await support.answer("A moment too late");
  await expect(page.getByRole("button", { name: "Choose a template" })).toBeVisible();
  await expect(page.getByText("A moment too late")).toHaveCount(1);
  await page.unroute("**/messages?*");
  await phone.writeUnseen("I am here again");
  await expect(support.composer).toHaveValue("A moment too late");
});

test("on a phone whose clock is a day ahead the window is as open as it is", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await page.clock.install({ time: Date.now() + 26 * 3_600_000 });
  await support.visit();
  await expect(support.ticketOf(phone.customer.name).locator("time")).toHaveText(/^(now|\d min)$/);
  await support.open(phone.customer.name);
  await support.answer("It is in Kano");
  await expect(support.said("It is in Kano").getByTitle("Delivered")).toBeVisible();
});
