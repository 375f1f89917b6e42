import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";
import { SupportPage } from "./pages/support-page";

/** More than the six lines that a browser has to a server without HTTP/2. */
const TABS = 8;

test("eight tabs of one browser load, and each hears what it missed when it is looked at again", async ({
  context,
  page,
  phone,
}) => {
  await phone.writeUnseen("Chat Support");
  await context.addInitScript(() => {
    let state = "visible";
    Object.defineProperty(document, "visibilityState", { get: () => state });
    window.addEventListener("test-sight", (event) => {
      state = (event as CustomEvent<string>).detail;
      document.dispatchEvent(new Event("visibilitychange"));
    });
  });
  const first = new SupportPage(page);
  const tabs = [first];
  while (tabs.length < TABS) tabs.push(new SupportPage(await context.newPage()));
  for (const tab of tabs) {
    await tab.visit();
    await tab.open(phone.customer.name);
    await turn(tab.page, "hidden");
  }
  await phone.writeUnseen("Are you still there?");
  for (const tab of tabs) {
    await turn(tab.page, "visible");
    await expect(tab.said("Are you still there?")).toBeVisible();
    await turn(tab.page, "hidden");
  }
  await turn(first.page, "visible");
  await phone.writeUnseen("I am still here"); // and what comes from then on
  await expect(first.said("I am still here")).toBeVisible();
});

/** Every page of Playwright's takes itself for the one in sight. */
const turn = (page: Page, state: DocumentVisibilityState) =>
  page.evaluate((detail) => window.dispatchEvent(new CustomEvent("test-sight", { detail })), state);
