import type { Locator } from "@playwright/test";

import { expect, test } from "./fixtures";
import { CANARY, messagesWith } from "./hostile-payloads";
import { deliver, foreignParts, watchFor } from "./hostile-watch";
import { SupportPage } from "./pages/support-page";

const IMAGE = `<img src=//${CANARY}/x onerror=window.owned=1>`;
const HUGE = "W".repeat(150);
const TURNED = "\u202etxet denrut\u202c \u2066x";
const WORDS = `${IMAGE} {{constructor.constructor('window.owned=1')()}} ${TURNED} ${HUGE}`;

test("what customers and colleagues are called and write stays text wherever it is shown", async ({
  page,
  request,
  support,
  browser,
  playwright,
}) => {
  test.slow();
  const own = new URL(test.info().project.use.baseURL ?? "").origin;
  const signs = watchFor(page, own);
  const now = Date.now();
  const harmless = async (shown: Locator) => {
    await expect(shown.first()).toBeVisible();
    expect(await foreignParts(page)).toEqual([]);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
  };

  const email = `eve-${now}@example.org`;
  const invited = await request.post("/api/people/invites", { data: { email, role: "agent" } });
  const { link } = ((await invited.json()) as { data: { link: string } }).data;
  const joining = await playwright.request.newContext({
    baseURL: own,
    storageState: undefined,
    extraHTTPHeaders: { Origin: own },
  });
  const eve = { token: link.split("#").at(-1), name: `${IMAGE} ${HUGE}`, password: "a-tall-green-giraffe" };
  expect((await joining.post("/api/invites/accept", { data: eve })).ok()).toBe(true);
  const context = await browser.newContext({ storageState: await joining.storageState() });
  const colleague = new SupportPage(await context.newPage());

  const number = `234906${String(now).slice(-7)}`;
  const word = `zebra${now % 100_000}`;
  await deliver(request, number, `${IMAGE} ${word} ${HUGE}`, [
    ...messagesWith("Chat Support", number).slice(0, 1),
    ...messagesWith(`${word} ${WORDS}`, number).slice(0, 1),
  ]);
  await support.visit();
  await support.tickets.filter({ hasText: word }).click();
  await harmless(support.said(word).getByText(IMAGE));
  const id = support.openedId();
  await colleague.visit(`?ticket=${id}`);
  await harmless(page.locator("[data-part=colleagues]").getByText(IMAGE));
  await colleague.composer.pressSequentially("x");
  await expect(page.locator("[data-part=colleagues]")).toContainText("is writing");
  await harmless(page.locator("[data-part=colleagues]").getByText(IMAGE));

  const ticket = `/api/support/tickets/${id}`;
  const note = { message: `Note ${WORDS}` };
  expect((await joining.post(`${ticket}/notes`, { data: note })).ok()).toBe(true);
  await harmless(support.said("Note <img").getByText("{{constructor"));

  const tag = `<img src=x onerror=owned=1>${now % 100_000}`;
  const made = await request.post("/api/support/tags", { data: { name: tag } });
  const { id: tagId } = ((await made.json()) as { data: { id: number } }).data;
  expect((await request.patch(ticket, { data: { add_tag_ids: [tagId] } })).ok()).toBe(true);
  const shortcut = `eve${now % 100_000}`;
  const reply = {
    shortcut,
    title: IMAGE,
    text: `Dear {{contact.name}}, {{agent.name}} ${IMAGE} ${TURNED} ${HUGE}`,
  };
  expect((await joining.post("/api/support/canned-replies", { data: reply })).ok()).toBe(true);
  await page.reload();
  await support.composer.pressSequentially(`/${shortcut}`);
  await harmless(page.getByRole("option").filter({ hasText: IMAGE }));
  await page.keyboard.press("Enter");
  await expect(support.composer).toHaveValue(new RegExp(`^Dear <img .*${word}`));
  await harmless(support.composer);
  await support.composer.fill("");

  await page.getByRole("searchbox", { name: "Search tickets" }).fill(word);
  const list = page.getByRole("region", { name: "Tickets" });
  await expect(list.locator("mark").first()).toHaveText(word);
  await harmless(list.getByText(IMAGE));
  await page.getByRole("searchbox", { name: "Search tickets" }).press("Escape");

  await support.visit(`?queue=all&tag=${tagId}`);
  await support.tickets.filter({ hasText: word }).hover();
  await page.getByRole("checkbox", { name: new RegExp(word) }).check();
  const bulk = page.getByRole("region", { name: "Change the selected tickets" });
  await bulk.getByRole("button", { name: "Assign" }).click();
  await harmless(page.getByRole("button", { name: IMAGE }));
  await page.keyboard.press("Escape");
  await bulk.getByRole("button", { name: "Add a tag" }).click();
  await harmless(page.getByRole("button", { name: tag }));
  await page.keyboard.press("Escape");

  for (const [path, shown] of [
    ["canned-replies", IMAGE],
    ["tags", tag],
    ["people", IMAGE],
    ["dashboard", IMAGE],
  ] as const) {
    await page.goto(`/${path}/`);
    await harmless(page.getByRole("main").getByText(shown));
  }
  expect(signs).toEqual([]);
  await Promise.all([context.close(), joining.dispose()]);
});
