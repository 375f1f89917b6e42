import { readdirSync } from "node:fs";

import type { Page } from "@playwright/test";

import { ADMIN } from "./desks";
import { expect, test } from "./fixtures";
import { CANARY, PAYLOADS, messagesWith } from "./hostile-payloads";
import { deliver, foreignParts, watchFor } from "./hostile-watch";
import { SupportPage } from "./pages/support-page";

const FULL_THREADS = 8;

test("no word, name, file or place of a customer becomes more than text", async ({
  page,
  request,
  support,
}) => {
  test.setTimeout(240_000);
  const own = new URL(test.info().project.use.baseURL ?? "").origin;
  const signs = watchFor(page, own);
  const start = Date.now() % 1_000_000;
  const customers = PAYLOADS.map((payload, index) => ({
    payload,
    index,
    number: `23490${String(start * 100 + index).padStart(8, "0")}`,
  }));
  const numbers = customers.map(({ number }) => number);
  const write = ({ payload, index, number }: (typeof customers)[number]) => {
    const share = PAYLOADS.filter((_, other) => other % FULL_THREADS === index);
    return deliver(request, number, payload, [
      ...messagesWith("Chat Support", number).slice(0, 1),
      ...messagesWith(payload, number).slice(0, 1),
      ...share.flatMap((each) => messagesWith(each, number)),
    ]);
  };
  await Promise.all(customers.map(write));
  const mine = async () => {
    const answer = await request.get("/api/support/tickets?limit=200&sort=newest");
    const { data } = (await answer.json()) as { data: { tickets: { id: number; phone_number: string }[] } };
    return data.tickets.filter((ticket) => numbers.includes(ticket.phone_number));
  };
  await expect.poll(async () => (await mine()).length, { timeout: 30_000 }).toBe(PAYLOADS.length);
  await support.visit("?queue=all");
  await expect(support.tickets.first()).toBeVisible();
  expect(await foreignParts(page)).toEqual([]);

  const least = Math.floor(PAYLOADS.length / FULL_THREADS) * 10;
  for (const number of numbers.slice(0, FULL_THREADS)) {
    const ticket = (await mine()).find(({ phone_number }) => phone_number === number);
    await page.goto(`/support-tickets/?queue=all&ticket=${ticket?.id}`);
    const rows = page.getByRole("region", { name: /^Conversation with/ }).getByRole("listitem");
    await expect.poll(() => rows.count(), { timeout: 20_000 }).toBeGreaterThan(least);
    expect(await foreignParts(page)).toEqual([]);
  }
  await page.goto("/dashboard/");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await foreignParts(page)).toEqual([]);
  expect(signs).toEqual([]);
});

test("what watches for customers' scripts would see one", async ({ browser, signedIn }) => {
  const context = await browser.newContext({ storageState: signedIn });
  const page = await context.newPage();
  const own = new URL(test.info().project.use.baseURL ?? "").origin;
  const signs = watchFor(page, own);
  await page.goto("/dashboard/");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.evaluate((canary) => {
    const broken = document.createElement("div");
    document.body.append(broken);
    broken.innerHTML = `<img src="https://${canary}/x" onerror="window.owned=1"><iframe srcdoc="x"></iframe>`;
    const script = document.createElement("script");
    script.textContent = "window.owned = 1";
    document.body.append(script);
  }, CANARY);
  await expect
    .poll(() => signs.filter((sign) => /content security policy/i.test(sign)).length)
    .toBeGreaterThan(1);
  const found = await foreignParts(page);
  expect(found.filter((part) => part.startsWith("<img")).length).toBe(1);
  expect(found).not.toContain("window.owned"); // the policy stopped it
  await context.close();
});

test("every page that is served keeps to its policy", async ({ page }) => {
  const own = new URL(test.info().project.use.baseURL ?? "").origin;
  const signs = watchFor(page, own);
  const pages = readdirSync("out", { recursive: true, encoding: "utf-8" }).filter((name) =>
    name.endsWith(".html"),
  );
  expect(pages.length).toBeGreaterThan(5);
  for (const name of pages) {
    const answer = await page.goto(`/${name.replace(/(^|\/)index\.html$/, "$1")}`);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    const scripts = policy.split(";").find((part) => part.trim().startsWith("script-src")) ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(scripts).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("object-src 'none'");
    await page.waitForLoadState("networkidle");
  }
  expect(signs).toEqual([]);
});

/** All that a page's browser keeps for it, as one text. */
const keptBy = (page: Page) =>
  page.evaluate(async () => {
    const kept: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
    for (const name of await caches.keys())
      for (const { url } of await (await caches.open(name)).keys()) kept.push(url);
    for (const { name } of await indexedDB.databases()) {
      const opened = await new Promise<IDBDatabase>((give, fail) => {
        const asked = indexedDB.open(name ?? "");
        asked.onsuccess = () => give(asked.result);
        asked.onerror = () => fail(asked.error);
      });
      for (const store of opened.objectStoreNames) {
        const all = opened.transaction(store).objectStore(store).getAll();
        await new Promise((done) => (all.onsuccess = done));
        kept.push(name, store, all.result);
      }
      opened.close();
    }
    return JSON.stringify(kept);
  });

test("the browser keeps nothing that a customer said, and nothing at all after signing out", async ({
  browser,
  request,
}) => {
  const context = await browser.newContext({ storageState: undefined });
  const page = await context.newPage();
  await page.goto("/login/");
  await page.getByLabel("Email").fill(ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Dashboard" }).waitFor({ state: "attached" });
  const number = `234907${String(Date.now()).slice(-7)}`;
  await deliver(request, number, "Canary Okafor", [
    ...messagesWith("Chat Support", number).slice(0, 1),
    ...messagesWith("canary words of mine", number).slice(0, 1),
  ]);
  const support = new SupportPage(page);
  await support.visit();
  await support.open("Canary Okafor");
  await expect(support.said("canary words of mine")).toBeVisible();
  await support.composer.fill("half an answer");
  const kept = await keptBy(page);
  for (const secret of ["Canary", "canary", number, ADMIN.password, "session="])
    expect(kept).not.toContain(secret);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Password", { exact: true }).waitFor();
  expect(await keptBy(page)).not.toContain("half an answer");
  await page.goBack();
  await expect(page.getByText("canary words of mine")).toHaveCount(0);
  await context.close();
});
