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
