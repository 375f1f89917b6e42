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
  test(`${path} asks its first questions ahead of its scripts, and only once`, async ({ page }) => {
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
