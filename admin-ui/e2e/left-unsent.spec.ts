import { contactOf, expect, test, watchQuestions } from "./fixtures";

test.beforeEach(async ({ phone, support }) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
});

test("what was being spoken stands with its ticket's files after a look elsewhere, and can be sent", async ({
  support,
  phone,
  page,
}) => {
  await page.getByRole("button", { name: "Record a voice note" }).click();
  await expect(page.getByRole("timer")).toHaveText(/0:(0[2-9]|[1-5])/);
  await page.getByRole("link", { name: "Tags" }).click();
  await expect(page.getByRole("heading", { name: "Tags", level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("list", { name: "Attached files" })).toContainText("Voice note");
  await expect(page.getByRole("timer")).toHaveCount(0);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(support.said("Voice note").getByTitle("Delivered")).toBeVisible();
  const sent = (await phone.messages()).at(-1);
  expect([sent?.media?.kind, sent?.media?.mime_type.split(";")[0]]).toEqual(["voice", "audio/ogg"]);
});

test("who reloads while a voice note is spoken or a file is attached is asked first", async ({
  support,
  page,
}) => {
  const asked = watchQuestions(page);
  const reload = () => page.evaluate(() => setTimeout(() => window.location.reload()));
  await page.getByRole("button", { name: "Record a voice note" }).click();
  await expect(page.getByRole("timer")).toHaveText(/0:(0[1-9]|[1-5])/);
  await reload();
  await expect.poll(() => asked).toEqual(["beforeunload"]);
  await page.getByRole("button", { name: "Discard the recording" }).click();

  await support.attach("Photo or video", "../simulator/samples/photo.jpg");
  await page.getByRole("link", { name: "Tags" }).click();
  await expect(page.getByRole("heading", { name: "Tags", level: 1 })).toBeVisible();
  await reload();
  await expect.poll(() => asked).toEqual(["beforeunload", "beforeunload"]);
  await page.goBack();
  await support.answer("It looks like this");
  await expect(support.said("It looks like this").getByTitle("Delivered")).toBeVisible();
  await page.reload();
  await expect(support.said("It looks like this")).toBeVisible();
  expect(asked).toHaveLength(2);
});

test("who signs out while a file is attached is asked by the desk, and not by the browser again", async ({
  support,
  page,
}) => {
  const asked = watchQuestions(page);
  await support.attach("Photo or video", "../simulator/samples/photo.jpg");
  await page.getByRole("button", { name: "Sign out" }).click();
  const question = page.getByRole("dialog", { name: "Sign out?" });
  await expect(question).toContainText("attached or recorded");
  await question.getByRole("button", { name: "Stay" }).click();
  await expect(page.getByRole("list", { name: "Attached files" })).toContainText("photo.jpg");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.route("**/api/auth/logout", (route) => route.fulfill({ status: 204 })); // the other tests' session
  await question.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/login/**");
  expect(asked).toEqual([]);
});

test("what was being spoken to a customer who is erased meanwhile goes too, and nobody is asked about it", async ({
  support,
  page,
  request,
}) => {
  const asked = watchQuestions(page);
  await page.getByRole("button", { name: "Record a voice note" }).click();
  await expect(page.getByRole("timer")).toHaveText(/0:(0[1-9]|[1-5])/);
  const contact = await contactOf(request, support.openedId());
  expect((await request.post(`/api/support/contacts/${contact}/erase`, { data: {} })).ok()).toBe(true);
  await expect(support.details.getByText("This customer was erased.")).toBeVisible();
  await expect(page.getByRole("timer")).toHaveCount(0);
  await page.waitForTimeout(500); // a recorder gives what it has a moment after it was ended
  await page.reload();
  await expect(support.details.getByText("This customer was erased.")).toBeVisible();
  expect(asked).toEqual([]);
});
