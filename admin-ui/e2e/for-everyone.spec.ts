import type { Locator } from "@playwright/test";

import { ADMIN, EMPTY_DESK_PORT } from "./desks";
import { expect, test } from "./fixtures";
import { expectGoodInLightAndDark } from "./good-for-everyone";

const SCREENS = [
  { name: "laptop", viewport: { width: 1440, height: 900 } },
  { name: "small phone", viewport: { width: 360, height: 740 } },
] as const;

for (const { name: device, viewport } of SCREENS) {
  test.describe(`on a ${device}`, () => {
    test.use({ viewport, colorScheme: "light", contextOptions: { reducedMotion: "reduce" } });

    test("dashboard, list and thread", async ({ dashboard, support, phone, page }) => {
      await phone.writeUnseen("Hello");
      await phone.writeUnseen("Chat Support");
      await phone.writeUnseen("https://example.org/" + "a-long-address-without-spaces-".repeat(6));
      await dashboard.visit();
      await expect(dashboard.ticketOf(phone.customer.name)).toBeVisible();
      await expectGoodInLightAndDark(page);
      await dashboard.viewSupport();
      await expect(support.ticketOf(phone.customer.name)).toBeVisible();
      await expectGoodInLightAndDark(page);
      await support.open(phone.customer.name);
      await support.answer("We are on it");
      await expect(support.said("We are on it").getByTitle("Delivered")).toBeVisible();
      await expectGoodInLightAndDark(page);
    });

    test("every kind of message, and what answers are made with", async ({ support, phone, page }) => {
      test.slow(); // axe looks eight times at a page with everything on it
      await phone.writeUnseen("Chat Support");
      for (const type of ["image", "video", "voice", "document", "sticker", "location", "order", "hologram"])
        await phone.sendUnseen({ type, text: ["image", "location"].includes(type) ? "A *bold* word" : "" });
      await phone.sendUnseen({ type: "text", text: "From your ad", from_ad: true, forwarded: "often" });
      await support.visit();
      await support.open(phone.customer.name);
      const ad = support.said("From your ad");
      await support.openMenuOf(ad);
      await expectGoodInLightAndDark(page);
      await page.getByRole("button", { name: "React with 👍" }).click();
      await expect(ad.getByRole("button", { name: "Take 👍 back" })).toBeVisible();
      await expectGoodInLightAndDark(page);
      for (const kind of ["Location", "Contact card", "Buttons", "List of choices", "Template"]) {
        await support.chooseKind(kind);
        await expect(page.getByRole("dialog").getByRole("button").nth(1)).toBeVisible();
        await expectGoodInLightAndDark(page);
        await page.keyboard.press("Escape");
      }
      await page.getByRole("button", { name: "A *bold* word" }).click();
      await expect(page.getByRole("dialog", { name: "Photo" })).toBeVisible();
      await expectGoodInLightAndDark(page);
    });

    test("the settings", async ({ page }) => {
      await page.goto("/settings/");
      await page.getByRole("button", { name: "Add a rate" }).click();
      await expect(page.getByRole("heading", { name: "Templates" })).toBeVisible();
      await expectGoodInLightAndDark(page);
    });

    test("canned replies, tags and the palette", async ({ page, request }) => {
      const name = `Axe ${Date.now()}`;
      const title = name;
      await request.post("/api/support/tags", { data: { name, colour: "orange" } });
      await request.post("/api/support/canned-replies", {
        data: { shortcut: `axe-${Date.now()}`, title, text: "Hello {{contact.first_name}}" },
      });
      for (const path of ["/canned-replies/", "/tags/"]) {
        await page.goto(path);
        await expect(page.getByText(name, { exact: true }).first()).toBeVisible();
        await expectGoodInLightAndDark(page);
      }
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("option").first()).toBeVisible();
      await expectGoodInLightAndDark(page);
    });

    test("who wants no motion sees no colour fade", async ({ page }) => {
      await page.goto("/settings/");
      await expect(page.getByRole("heading", { name: "Templates" })).toBeVisible();
      const moving = await page.evaluate(() => {
        document.documentElement.dataset.mantineColorScheme = "dark";
        return document.getAnimations().filter((each) => each instanceof CSSTransition).length;
      });
      expect(moving).toBe(0);
    });

    test("sign-in and an unknown page", async ({ page }) => {
      await page.goto("/login/");
      await expect(page.getByLabel("Email")).toBeVisible();
      await expectGoodInLightAndDark(page);
      await page.goto("/no-such-page/");
      await expect(page.getByRole("heading", { name: "There is no page here" })).toBeVisible();
      await expectGoodInLightAndDark(page);
    });

    test("the practice phone", async ({ phone, page }) => {
      await phone.writeUnseen("Hello");
      await page.goto(`/simulator/?customer=${phone.customer.id}`);
      await expect(page.getByRole("log").getByText("Hello", { exact: true })).toBeVisible();
      await expectGoodInLightAndDark(page);
    });

    test("the first day", async ({ playwright, page, context }) => {
      const origin = `http://127.0.0.1:${EMPTY_DESK_PORT}`;
      const desk = await playwright.request.newContext({ baseURL: origin, storageState: undefined });
      await desk.post("/api/auth/login", { data: ADMIN });
      await context.addCookies((await desk.storageState()).cookies);
      await desk.dispose();
      await page.goto(`${origin}/dashboard/`);
      await expect(
        page.getByRole("heading", { name: "Welcome. Three steps and the desk is at work." }),
      ).toBeVisible();
      await expect(page.getByRole("link", { name: "Open the practice phone" })).toHaveAttribute(
        "href",
        "/simulator/",
      );
      await expectGoodInLightAndDark(page);
    });
  });
}

test.describe("on a phone held sideways", () => {
  test.use({ viewport: { width: 640, height: 300 }, hasTouch: true });

  test("tickets are listed, found and opened", async ({ support, phone, page }) => {
    await phone.writeUnseen("Chat Support");
    await support.visit();
    await support.open(phone.customer.name);
    await page.getByRole("link", { name: "Back to the list" }).click();
    await page.getByRole("searchbox", { name: "Search tickets" }).fill(phone.customer.name);
    await expect(page.getByRole("region", { name: "Tickets" }).locator("mark").first()).toBeVisible();
    await support.open(phone.customer.name);
    await support.answer("It is in Kano");
    await expect(support.said("It is in Kano").getByTitle("Delivered")).toBeVisible();
  });
});

test.describe("with letters twice as large on a small phone", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("nothing is cut off, and tickets are opened and answered", async ({ support, phone, page }) => {
    await phone.writeUnseen("Chat Support");
    await page.addInitScript(() =>
      document.addEventListener("DOMContentLoaded", () => (document.documentElement.style.fontSize = "200%")),
    );
    const tooWide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await page.route("**/api/events*", () => undefined); // "Connecting" is longer than "Live"
    for (const path of ["/dashboard/", "/tags/"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await tooWide()).toBeLessThanOrEqual(0);
    }
    await page.unroute("**/api/events*");
    await support.visit();
    await expect(support.ticketOf(phone.customer.name)).toBeVisible();
    expect(await tooWide()).toBeLessThanOrEqual(0);
    await support.open(phone.customer.name);
    await expect(support.composer).toBeVisible();
    expect(await tooWide()).toBeLessThanOrEqual(0);
    const thread = await page.getByRole("region", { name: /^Conversation with/ }).boundingBox();
    expect(thread?.height).toBeGreaterThan(100);
    await support.answer("It is in Kano");
    await expect(support.said("It is in Kano").getByTitle("Delivered")).toBeVisible();
  });
});

test.describe("with one thumb", () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true });

  test("list and thread are two screens with a way back", async ({ support, phone, page }) => {
    await phone.writeUnseen("Chat Support");
    await support.visit();
    await support.open(phone.customer.name);
    await expect(support.ticketOf(phone.customer.name)).toBeHidden();
    await expect(support.composer).toBeVisible();

    await page.getByRole("button", { name: "Details" }).click();
    await support.details.getByRole("button", { name: "High" }).click();
    await support.details.getByRole("button", { name: "Assign to me" }).click();
    await page.getByRole("button", { name: "Hide details" }).click();
    const assignee = page.getByRole("region", { name: "Opened ticket" }).getByText("Assigned to ada");
    await expect(assignee).toBeVisible();
    expect(await assignee.evaluate((it) => it.scrollWidth - it.clientWidth)).toBe(0);

    for (const control of await page.getByRole("button").or(page.getByRole("link")).all()) {
      const box = await control.boundingBox();
      if (box && (await control.isVisible()) && box.x > 0)
        expect(Math.round(box.height)).toBeGreaterThanOrEqual(44);
    }
    await page.getByRole("link", { name: "Back to the list" }).click();
    await expect(support.ticketOf(phone.customer.name)).toContainText("High");
  });
});

for (const hasTouch of [false, true]) {
  test.describe(hasTouch ? "with fingers on a tablet" : "with a mouse", () => {
    test.use({ viewport: { width: 1180, height: 820 }, hasTouch, isMobile: hasTouch });

    test(`the composer's keys are ${hasTouch ? "not told" : "told"}`, async ({ support, phone, page }) => {
      await phone.writeUnseen("Chat Support");
      await support.visit();
      await support.open(phone.customer.name);
      await expect(support.composer).toBeVisible();
      await expect(page.getByText("Ctrl + Enter (⌘ + Enter on a Mac) sends")).toBeVisible({
        visible: !hasTouch,
      });
    });
  });
}

test("in the system's own few colours what is chosen is told from what is not", async ({
  support,
  phone,
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await support.composer.waitFor();
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const queues = page.getByRole("navigation", { name: "Queues" });
  const groundOf = (part: Locator) => part.evaluate((element) => getComputedStyle(element).backgroundColor);
  for (const [chosen, other] of [
    [button("Answer"), button("Note")],
    [button("Open"), button("Resolved")],
    [queues.getByRole("link", { name: "All open" }), queues.getByRole("link", { name: "Closed" })],
  ] as const) {
    const unmarked = [await groundOf(page.locator("body")), "rgba(0, 0, 0, 0)"];
    expect(unmarked).not.toContain(await groundOf(chosen));
    expect(await groundOf(chosen)).not.toBe(await groundOf(other));
  }
});
