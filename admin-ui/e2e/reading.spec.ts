import { expect, test } from "./fixtures";

test("what is new is marked while it is read, and told to whoever has scrolled up", async ({
  support,
  phone,
  page,
}) => {
  test.slow();
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("Message one");
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread");
  await page.getByRole("navigation", { name: "Queues" }).getByRole("link", { name: "All open" }).click();
  await page.goto("/support-tickets/");
  await phone.writeUnseen("Message two");
  await phone.writeUnseen("Message three");
  await expect(support.ticketOf(phone.customer.name)).toContainText("2 unread messages");
  await support.open(phone.customer.name);
  const thread = page.getByRole("region", { name: /^Conversation with/ });
  const rows = async () =>
    (await thread.getByRole("listitem").allInnerTexts()).flatMap(
      (text) => /New messages|Message \w+/.exec(text)?.[0] ?? [],
    );
  const expected = ["Message one", "New messages", "Message two", "Message three"];
  await expect.poll(rows).toEqual(expected);
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread");
  await phone.writeUnseen("Message four");
  await expect.poll(rows).toEqual([...expected, "Message four"]);

  for (let n = 0; n < 3; n += 1) await phone.writeUnseen(`Long ${n}\n${"line\n".repeat(30)}`);
  await expect(support.said("Long 2")).toBeVisible();
  await thread.evaluate((element) => element.scrollTo({ top: 0, behavior: "instant" }));
  const below = page.getByRole("button", { name: /^Newest|new messages?$/ });
  await expect(below).toHaveText("Newest");
  await phone.writeUnseen("Message five");
  await expect(below).toHaveText("1 new message");
  await phone.writeUnseen("Message six");
  await expect(below).toHaveText("2 new messages");
  await expect(page.getByText("Message six 2 new messages below.")).toBeAttached();
  await below.click();
  await expect(support.said("Message six")).toBeInViewport();
  await expect(below).toHaveCount(0);
  await thread.evaluate((element) => element.scrollTo({ top: 0, behavior: "instant" }));
  await expect(below).toHaveText("Newest");

  // More news than the screen holds: the thread begins where they do.
  await page.goto("/support-tickets/");
  for (let n = 3; n < 5; n += 1) await phone.writeUnseen(`Long ${n}\n${"line\n".repeat(30)}`);
  await expect(support.ticketOf(phone.customer.name)).toContainText("2 unread messages");
  await support.open(phone.customer.name);
  await expect(thread.getByText("New messages", { exact: true })).toBeInViewport();
  await expect(below).toHaveText("2 new messages");
});

test("what comes after a message was marked read, and before the page knows of it, is marked too", async ({
  support,
  phone,
  page,
  context,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread");
  const cut = async () => {
    await context.setOffline(true);
    await expect(support.lostConnection).toBeVisible();
  };
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  const isMarked = new Promise<void>((resolve) =>
    page.route(
      "**/read",
      async (route) => {
        await cut(); // the page knows of one unread message, and will not be told that it was marked
        const response = await route.fetch();
        resolve();
        await held;
        await route.fulfill({ response });
      },
      { times: 1 },
    ),
  );
  await cut();
  await phone.writeUnseen("Message one");
  await context.setOffline(false);
  await isMarked;
  await phone.writeUnseen("Message two");
  await context.setOffline(false);
  await expect(support.said("Message two")).toBeVisible();
  answer();
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread");
});

test("a ticket whose mark of being read found no way to the desk is marked once there is one", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await page.route("**/read", (route) => route.abort(), { times: 1 });
  await support.open(phone.customer.name);
  await expect(support.ticketOf(phone.customer.name)).toContainText("1 unread message");
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread", { timeout: 30_000 });
});

test("more that is new than a page holds is told, and leads to its beginning", async ({
  support,
  phone,
  page,
}) => {
  test.slow(); // a customer who writes a hundred messages
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.ticketOf(phone.customer.name)).not.toContainText("unread");
  await page.goto("/support-tickets/");
  for (let n = 1; n <= 110; n += 1) await phone.writeUnseen(`News ${n}.`);
  await expect(support.ticketOf(phone.customer.name)).toContainText("110 unread messages");
  await support.open(phone.customer.name);
  await expect(support.said("News 110.")).toBeInViewport();
  const mark = support.said("New messages");
  await expect(mark).toHaveCount(0);
  await page.getByRole("button", { name: "110 new messages" }).click();
  await expect(mark).toBeFocused();
  await expect(mark).toBeInViewport();
  await expect(support.said("News 1.")).toBeInViewport();
  await expect(page.getByRole("button", { name: "110 new messages" })).toHaveCount(0);
});

test("resolve and next goes down the queue to its end", async ({ support, page, request }) => {
  test.slow();
  const unique = String(Date.now()).slice(-8);
  const tag = await request.post("/api/support/tags", { data: { name: `Next ${unique}`, colour: "gray" } });
  const tagId = ((await tag.json()) as { data: { id: number } }).data.id;
  for (const name of ["Ife", "Kemi"]) {
    const made = await request.post("/api/support/tickets", {
      data: {
        phone_number: `+23480${name.length}${unique.slice(-7)}`,
        sender_name: `${name} ${unique}`,
        issue_description: "A lamp",
      },
    });
    const { id } = ((await made.json()) as { data: { id: number } }).data;
    const tagged = await request.patch(`/api/support/tickets/${id}`, { data: { add_tag_ids: [tagId] } });
    expect(tagged.ok()).toBe(true);
  }
  await support.visit(`?queue=open&tag=${tagId}`);
  await expect(support.tickets).toHaveCount(2);
  await support.tickets.first().click();
  await expect(page.getByRole("heading", { name: /^Kemi/, level: 2 })).toBeFocused();
  await page.keyboard.press("d");
  await expect(page.getByRole("heading", { name: /^Ife/, level: 2 })).toBeFocused();
  await expect(support.tickets).toHaveCount(1);

  // One that the desk did not take stays where it is, and says so.
  await page.route("**/api/support/tickets/*", (route) => route.abort(), { times: 1 });
  await page.getByRole("button", { name: "Resolve & next" }).click();
  await expect(support.problem.filter({ hasText: "The desk cannot be reached" })).toBeVisible();
  await expect(page.getByRole("heading", { name: /^Ife/, level: 2 })).toBeVisible();
  await page.getByRole("button", { name: "Resolve & next" }).click();
  await expect(page.getByText("Choose a ticket to read its thread")).toBeVisible();
  await expect(support.tickets).toHaveCount(0);
});
