import { FIRST_QUESTIONS } from "@/lib/first-questions";

import { expect, test } from "./fixtures";

/** Kilobytes of compressed script that a page may load before it is drawn. */
const BUDGET_KB = 150;

const SCRIPT = /<script[^>]* src="(\/_next\/[^"]+\.js)"([^>]*)>/g;

for (const page of ["/dashboard/", "/support-tickets/", "/login/"]) {
  test(`the first load of ${page} stays small`, async ({ request }) => {
    const html = await (await request.get(page)).text();
    const named = [...html.matchAll(SCRIPT)].filter(([, , rest]) => !/nomodule/i.test(rest ?? ""));
    expect(named.length).toBeGreaterThan(0);
    let bytes = 0;
    for (const [, address = ""] of named) {
      const answer = await request.get(address, { headers: { "Accept-Encoding": "br" } });
      expect(answer.ok()).toBe(true);
      bytes += Number(answer.headers()["content-length"]);
    }
    expect(bytes / 1000).toBeLessThanOrEqual(BUDGET_KB);
  });
}

/** Where it goes and how much it asks for: pages ask for other lists as well once they are drawn. */
const kindOf = (address: string) => {
  const { pathname, searchParams } = new URL(address, "http://desk");
  return `${pathname} ${searchParams.get("limit")}`;
};

for (const [path, questions] of Object.entries(FIRST_QUESTIONS)) {
  test(`${path} asks its first questions without waiting for its scripts, and only once`, async ({
    page,
  }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url().replace(/^https?:\/\/[^/]+/, "")));
    await page.route("**/api/events", () => undefined); // it asks for everything anew
    await page.goto(`${path}/`);
    await expect(page.getByRole("main")).toBeVisible();
    const firstOfAll = asked.findIndex((each) => each.startsWith("/api/"));
    expect(asked.slice(firstOfAll, firstOfAll + questions.length)).toEqual(questions);
    for (const question of questions) {
      expect(asked.filter((each) => kindOf(each) === kindOf(question))).toEqual([question]);
    }
  });
}

test("what was fetched ahead is not what stays", async ({ support, phone, page, request }) => {
  await phone.writeUnseen("Chat Support");
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route("**/api/support/notifications", async (route) => {
    await held; // the page is not drawn before it knows these
    await route.continue();
  });
  const list = "/api/support/tickets?status=OPEN&status=IN_PROGRESS&sort=activity&limit=50";
  const fetchedAhead = page.waitForResponse((each) => each.url().endsWith(list));
  await page.goto("/support-tickets/", { waitUntil: "commit" });
  await fetchedAhead;
  await page.waitForTimeout(1_000); // a stream that opened too early would be open
  await phone.writeUnseen("Nobody has told you yet");
  await expect.poll(async () => (await request.get(list)).text()).toContain("Nobody has told you yet");
  letGo();
  await expect(support.ticketOf(phone.customer.name)).toContainText("Nobody has told you yet");
});

test("a page that could not begin does so once it can", async ({ page, support }) => {
  await page.route("**/api/auth/me", (route) => route.abort());
  await page.goto("/support-tickets/");
  await expect(support.problem.filter({ hasText: "The desk cannot be reached." })).toBeVisible();
  await page.unroute("**/api/auth/me");
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible({ timeout: 20_000 });
});
