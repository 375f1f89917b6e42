import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";

test("what a page fetches after it is drawn is there when the line is cut", async ({
  support,
  phone,
  page,
  context,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await allScriptsAreHere(page);
  await context.setOffline(true);

  for (const [keys, name] of [
    ["?", "Keyboard shortcuts"],
    ["Control+k", "What would you like to do?"],
  ] as const) {
    await page.keyboard.press(keys);
    await expect(page.getByRole("dialog", { name })).toBeVisible();
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: "Filters" }).click();
  await expect(page.getByRole("dialog").getByLabel("Priority")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: new RegExp(phone.customer.name) }).check();
  await expect(page.getByRole("button", { name: "Set the status" })).toBeVisible();
  await page.getByRole("searchbox").fill("bicycle");
  await expect(support.problem.filter({ hasText: "The desk cannot be reached." })).toBeVisible();

  await support.answer("It is in Kano");
  await expect(support.said("It is in Kano")).toContainText("This waits here");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("dialog", { name: "Sign out?" }).getByRole("button", { name: "Stay" }).click();
});

test("a ticket opens once the line is good again, though its part of the page did not come before", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  let isCut = false;
  const here = new Set<string>();
  await page.route("**/_next/static/chunks/**", async (route) => {
    if (isCut && !here.has(route.request().url())) return route.abort();
    here.add(route.request().url());
    return route.continue();
  });
  await page.goto("/tags/");
  await allScriptsAreHere(page);
  isCut = true;
  await page.getByRole("link", { name: /^Support/ }).click();
  await support.ticketOf(phone.customer.name).click();
  await expect(support.problem.filter({ hasText: "The desk cannot be reached." })).toBeVisible();
  isCut = false;
  await expect(support.composer).toBeVisible();
});

test("a page that a newer desk left behind comes anew when it needs a part that is gone", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  let isGone = false;
  const here = new Set<string>();
  await page.route("**/_next/static/**", async (route) => {
    if (isGone && !here.has(route.request().url())) return route.fulfill({ status: 404 });
    if (!isGone && route.request().url().includes("/chunks/")) here.add(route.request().url());
    return route.continue();
  });
  await page.goto("/tags/");
  await allScriptsAreHere(page);
  isGone = true;
  page.on("request", (each) => {
    if (each.isNavigationRequest()) isGone = false; // its page names the scripts that there are
  });
  await page.getByRole("link", { name: /^Support/ }).click();
  await support.ticketOf(phone.customer.name).click();
  await expect(support.composer).toBeVisible();
});

test("a dialog whose script does not come says so, and opens once the line is good again", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  const html = await (await request.get("/support-tickets/")).text();
  const later = (url: URL) => url.pathname.endsWith(".js") && !html.includes(url.pathname);
  await page.route(later, (route) => route.abort());
  await support.visit();
  await page.getByRole("button", { name: "Filters" }).click();
  await expect(support.problem.filter({ hasText: "A part of the page is missing" }).first()).toBeVisible();
  await page.unroute(later);
  await expect(page.getByRole("dialog").getByLabel("Priority")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expect(support.problem.filter({ hasText: "A part of the page is missing" })).toHaveCount(0);
});

/** Resolves when no script has come for a moment. */
async function allScriptsAreHere(page: Page) {
  let before = -1;
  const isQuiet = async () => {
    const scripts = await page.evaluate(
      () => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/_next/")).length,
    );
    const isSame = scripts === before;
    before = scripts;
    return isSame;
  };
  await expect.poll(isQuiet, { intervals: [1_000] }).toBe(true);
}
