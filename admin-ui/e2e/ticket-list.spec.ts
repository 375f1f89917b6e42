import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";
import { expectGoodInLightAndDark } from "./good-for-everyone";
import { seedTickets } from "./seed";

const SEEDED = 5_000;

const list = (page: Page) => page.getByRole("region", { name: "Tickets" });
const queue = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Queues" }).getByRole("link", { name });

test.describe("a list of thousands", () => {
  test.beforeAll(() => seedTickets(SEEDED));

  test("scrolls through all of it, draws what is in sight, and stays put while others move", async ({
    support,
    phone,
    page,
  }) => {
    await support.visit("?queue=open");
    await expect(queue(page, "All open")).toContainText("1,000+");
    const scroller = list(page).locator("ul").last().locator("..");
    await expect(support.tickets.first()).toBeVisible();
    await expect
      .poll(
        async () => {
          await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
          return list(page)
            .getByText(`Seeded ${SEEDED - 1}`, { exact: true })
            .count();
        },
        { timeout: 30_000, intervals: [200] },
      )
      .toBe(1);
    expect(await support.tickets.count()).toBeLessThan(60);

    const row = support.ticketOf(`Seeded ${SEEDED - 3} `);
    const before = await row.boundingBox();
    await phone.writeUnseen("Chat Support");
    await expect(queue(page, "Unassigned")).toContainText("1,000+");
    await page.waitForTimeout(500);
    expect((await row.boundingBox())?.y).toBeCloseTo(before?.y ?? -1, 0);
  });

  test("what came before the stream began, and after the list, is not lost to the list's next page", async ({
    support,
    phone,
    page,
    request,
  }) => {
    await phone.writeUnseen("Chat Support");
    const newest = async () => (await request.get("/api/support/tickets?sort=activity&limit=1")).text();
    await expect.poll(newest).toContain(phone.customer.name);
    let begin = () => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    await page.route("**/api/events", async (route) => {
      await begun;
      await route.continue();
    });
    await page.route(
      (url) => url.pathname === "/api/support/tickets",
      async (route) => {
        const response = await route.fetch();
        await phone.writeUnseen("Are you there?");
        await expect.poll(newest).toContain("Are you there?");
        begin();
        await expect(page.getByText("Live", { exact: true })).toBeAttached();
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    await support.visit("?queue=open");
    await expect(support.ticketOf(phone.customer.name)).toContainText("Are you there?");
  });

  test("the keyboard walks, selects and opens, and keeps its place", async ({ support, phone, page }) => {
    await phone.writeUnseen("Chat Support");
    await support.visit("?queue=open");
    await expect(support.ticketOf(phone.customer.name)).toBeVisible();
    await page.keyboard.press("j");
    const first = support.tickets.first();
    await expect(first).toBeFocused();
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("k");
    await expect(support.tickets.nth(1)).toBeFocused();
    const focused = await page.evaluate(() => document.activeElement?.getAttribute("data-ticket"));
    await page.keyboard.press("x");
    await expect(page.getByText("1 selected")).toBeVisible();
    await phone.writeUnseen("Are you there?");
    await expect(support.ticketOf(phone.customer.name)).toContainText("Are you there?");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-ticket"))).toBe(focused);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`ticket=${focused}`));
  });
});

test("queues, filters and sort are in the address, and back goes back", async ({ support, phone, page }) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await queue(page, "Unassigned").click();
  await expect(page).toHaveURL(/queue=unassigned/);
  await page.getByRole("combobox", { name: "Sort by" }).selectOption("Longest waiting");
  await expect(page).toHaveURL(/sort=waiting/);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("dialog").getByLabel("Priority").selectOption("Urgent");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Show 0 tickets" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/queue=unassigned&sort=waiting&priority=URGENT/);
  await expect(page.getByText("No ticket in this queue passes the filters.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("link", { name: "Remove the filter Priority: Urgent" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/queue=unassigned&sort=waiting$/);
  await page.goBack();
  await page.goBack();
  await expect(queue(page, "All open")).toHaveAttribute("aria-current", "true");
});

test("a choice made before the last one is drawn undoes nothing", async ({ support, page }) => {
  await support.visit();
  await queue(page, "Unassigned").evaluate((link: HTMLElement) => {
    const push = history.pushState.bind(history);
    history.pushState = (...step) => {
      push(...step);
      history.pushState = push;
      const sort = document.querySelector("select") as HTMLSelectElement;
      sort.value = "waiting";
      queueMicrotask(() => sort.dispatchEvent(new Event("change", { bubbles: true })));
    };
    link.click();
  });
  await expect(page).toHaveURL(/sort=waiting/);
  await expect(page).toHaveURL(/queue=unassigned&sort=waiting$/);
});

test("a search finds and marks words, numbers and tickets; Escape ends it", async ({
  support,
  phone,
  page,
}) => {
  const word = `zebra${Date.now() % 100_000}`;
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen(`My ${word} <b>lamp</b> is "broken"`);
  await support.visit();
  await support.open(phone.customer.name);
  const id = support.openedId();
  const search = page.getByRole("searchbox", { name: "Search tickets" });
  for (const typed of [word.toUpperCase(), `${word.slice(0, 7)} lamp`, `#${id}`, phone.customer.name]) {
    await search.fill(typed);
    await expect(support.ticketOf(phone.customer.name)).toBeVisible();
  }
  await search.fill(word);
  await expect(list(page).locator("mark")).toHaveText(word);
  await expect(list(page).getByText('<b>lamp</b> is "broken"')).toBeVisible();
  await search.fill('"* -( nothing-of-the-kind');
  await expect(page.getByText("Nothing found", { exact: true }).last()).toBeVisible();
  await search.press("Escape");
  await expect(search).toHaveValue("");
  await expect(support.ticketOf(phone.customer.name)).toBeVisible();
});

test("what is shown as found is of the words in the field, however slow the desk", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  const search = page.getByRole("searchbox", { name: "Search tickets" });
  await search.fill(phone.customer.name);
  await expect(list(page).locator("mark").first()).toBeVisible();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/support/search?*", async (route) => {
    await held;
    await route.continue();
  });
  await search.fill("nothing of the kind");
  await expect(list(page).getByText("Loading")).toBeAttached();
  await expect(support.tickets).toHaveCount(0);
  letGo();
  await expect(list(page).getByText("Nothing found", { exact: true }).last()).toBeVisible();
});

test.describe("on a small phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("the list, its filters, a search and the tags are good for everyone", async ({
    support,
    phone,
    page,
  }) => {
    await phone.writeUnseen("Chat Support");
    await support.visit("?queue=unassigned&priority=MEDIUM");
    await expect(support.ticketOf(phone.customer.name)).toBeVisible();
    await expectGoodInLightAndDark(page);
    await page.getByRole("checkbox", { name: new RegExp(phone.customer.name) }).check();
    await expectGoodInLightAndDark(page);
    await page.getByRole("button", { name: "Filters, 1 set" }).click();
    await expectGoodInLightAndDark(page);
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox").fill(phone.customer.name);
    await expect(list(page).locator("mark").first()).toBeVisible();
    await expectGoodInLightAndDark(page);
    await page.goto("/tags/");
    await page.getByRole("button", { name: "New tag" }).click();
    await expectGoodInLightAndDark(page);
  });
});

test("a day of the dashboard's chart leads to the tickets that were opened on it", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  // The desk's own word for the day: it may turn midnight at any moment.
  const dayOfTicket = async () => {
    const answer = await request.get("/api/support/tickets?sort=newest");
    const { data } = (await answer.json()) as {
      data: { tickets: { sender_name: string; opened_on: string }[] };
    };
    return data.tickets.find((ticket) => ticket.sender_name === phone.customer.name)?.opened_on;
  };
  await expect.poll(dayOfTicket).toBeDefined();
  const day = await dayOfTicket();
  await page.goto("/dashboard/");
  const chart = page.getByRole("region", { name: "Last seven days" });
  await expect(chart.getByRole("link", { name: /tickets? opened$/ })).toHaveCount(7);
  await chart.locator(`a[href*="opened=${day}"]`).click();
  await expect(page).toHaveURL(new RegExp(`opened=${day}`));
  await expect(support.ticketOf(phone.customer.name)).toBeVisible();
  const chip = page.getByRole("link", { name: /^Remove the filter Opened on: / });
  await expect(chip).toBeVisible();

  const before = new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  await page.getByRole("button", { name: "Filters, 1 set" }).click();
  await page.getByRole("dialog").getByLabel("Opened on").selectOption(before);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(new RegExp(`opened=${before}`));
  await expect(support.ticketOf(phone.customer.name)).toHaveCount(0);
  await chip.click();
  await expect(support.ticketOf(phone.customer.name)).toBeVisible();
});
