import { createHmac } from "node:crypto";

import type { Page } from "@playwright/test";

import { ADMIN } from "./desks";
import { expect, test } from "./fixtures";
import { expectGoodFor, expectGoodInLightAndDark } from "./good-for-everyone";

const PASSWORD = "a-tall-green-giraffe";

/** Invited by link, joined in a browser of their own. */
async function join(owner: Page, colleague: Page, email: string, name: string): Promise<void> {
  await owner.goto("/people/");
  await owner.getByLabel("Email").fill(email);
  await owner.getByRole("button", { name: "Make the link" }).click();
  const link = await owner.getByLabel(`Link for ${email}`).innerText();
  await colleague.goto(link);
  await colleague.getByLabel("Your name").fill(name);
  await colleague.getByLabel("Password").fill(PASSWORD);
  await colleague.getByRole("button", { name: "Join" }).click();
  await expect(colleague.getByRole("heading", { name: "Dashboard" })).toBeAttached();
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto("/login/");
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** RFC 6238, as an authenticator app does it. */
function codeOf(secret: string, at: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("a colleague is invited, sees no more than an agent may, and is shut out at once", async ({
  page,
  browser,
}) => {
  const context = await browser.newContext({ storageState: undefined });
  const colleague = await context.newPage();
  await join(page, colleague, "bola@example.org", "Bola");
  const navigation = colleague.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Support" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: "People" })).toHaveCount(0);
  await colleague.goto("/audit/");
  await expect(colleague.getByText("Your role does not allow this.")).toBeVisible();
  await colleague.goto("/people/");
  await expect(colleague.getByText("Your role does not allow this.")).toBeVisible();
  await colleague.goto("/support-tickets/");
  await expect(colleague.getByText("Live", { exact: true })).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: "Shut Bola out" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Shut out" }).click();
  await expect(page.getByRole("button", { name: "Let Bola in again" })).toBeVisible();
  await expect(colleague).toHaveURL(/\/login\//, { timeout: 15_000 });

  await page.getByRole("link", { name: "See the audit log" }).click();
  await page.getByLabel("What", { exact: true }).selectOption("admin.disable");
  await expect(page.getByRole("listitem").filter({ hasText: "Shut somebody out" })).toHaveCount(1);
  await context.close();
});

test("an invitation that was used says so", async ({ page, browser }) => {
  const context = await browser.newContext({ storageState: undefined });
  const colleague = await context.newPage();
  await colleague.goto("/invite/");
  await expect(colleague.getByText("Open the whole link")).toBeVisible();
  await page.goto("/people/");
  await page.getByLabel("Email").fill("chidi@example.org");
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByLabel("Link for chidi@example.org").innerText();
  await page.getByRole("button", { name: "Take the invitation of chidi@example.org back" }).click();
  await expect(page.getByText("Nobody has an invitation")).toBeVisible();
  await colleague.goto(link);
  await expect(colleague.getByText("does not work any more")).toBeVisible();
  await context.close();
});

test("two taps that a slow phone takes as one make one token and one invitation", async ({
  page,
  context,
}) => {
  const made: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") made.push(new URL(request.url()).pathname);
  });
  const phone = await context.newCDPSession(page);
  await page.goto("/profile/");
  await page.getByRole("textbox", { name: "What it is for" }).fill("Accounts");
  await phone.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  await page.getByRole("button", { name: "Make a token" }).dblclick();
  await expect(page.getByRole("button", { name: "Copy" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Revoke Accounts" })).toHaveCount(1);
  await page.goto("/people/");
  await page.getByRole("textbox", { name: "Email" }).fill(`tunde-${Date.now()}@example.org`);
  await page.getByRole("button", { name: "Make the link" }).dblclick();
  await expect(page.getByRole("button", { name: "Copy" })).toBeVisible();
  expect(made.filter((path) => path.endsWith("/tokens"))).toHaveLength(1);
  expect(made.filter((path) => path.endsWith("/invites"))).toHaveLength(1);
});

test("what is shown once can be copied where the browser keeps its clipboard to itself", async ({ page }) => {
  // As over plain HTTP, where small desks run inside of a shop: there is no clipboard to ask.
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.goto("/profile/");
  await page.getByRole("textbox", { name: "What it is for" }).fill("Till");
  await page.getByRole("button", { name: "Make a token" }).click();
  const token = (await page.getByRole("status", { name: /Till/ }).textContent()) ?? "";
  await page.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByText("Copied", { exact: false })).toBeVisible();
  await page.getByRole("textbox", { name: "What it is for" }).press("Control+v");
  await expect(page.getByRole("textbox", { name: "What it is for" })).toHaveValue(token);
});

test("a second factor is set up, asked for, and stood in for by a recovery code", async ({
  page,
  browser,
}) => {
  const context = await browser.newContext({ storageState: undefined });
  const colleague = await context.newPage();
  await join(page, colleague, "efe@example.org", "Efe");
  await colleague.getByRole("link", { name: "Profile of Efe" }).click();
  await colleague.getByRole("button", { name: "Set it up" }).click();
  await expect(colleague.getByRole("img", { name: "QR code" })).toBeVisible();
  const secret = await colleague.getByRole("code").innerText();
  await colleague.getByLabel("Code from the app").fill("000000");
  await colleague.getByRole("button", { name: "Turn it on" }).click();
  await expect(colleague.getByText("This code is not right")).toBeVisible();
  await expectGoodFor(colleague);
  await colleague.getByLabel("Code from the app").fill(codeOf(secret, Date.now() - 30_000));
  await colleague.getByRole("button", { name: "Turn it on" }).click();
  const recovery = await colleague
    .getByRole("list", { name: "Recovery codes" })
    .getByRole("listitem")
    .first()
    .innerText();
  await colleague.getByRole("button", { name: "I have kept them" }).click();
  await expect(colleague.getByText("10 recovery codes are left")).toBeVisible();

  await colleague.getByRole("button", { name: "Sign out", exact: true }).click();
  await colleague.waitForURL(/\/login\/$/); // the desk goes there by itself, and would break off our going
  await signIn(colleague, "efe@example.org");
  await expect(colleague.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expectGoodFor(colleague);
  await colleague.getByLabel("Code").fill(codeOf(secret, Date.now()));
  await colleague.getByRole("button", { name: "Sign in" }).click();
  await expect(colleague.getByRole("heading", { name: "Dashboard" })).toBeAttached();

  await colleague.goto("about:blank"); // a desk that notices would go to the sign-in by itself
  await context.clearCookies();
  await signIn(colleague, "efe@example.org");
  await colleague.getByLabel("Code").fill(recovery);
  await colleague.getByRole("button", { name: "Sign in" }).click();
  await expect(colleague.getByRole("heading", { name: "Dashboard" })).toBeAttached();
  await context.close();
});

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
]) {
  test(`people, profile and audit at ${viewport.width} px are good for everyone`, async ({ page }) => {
    await page.setViewportSize(viewport);
    await page.goto("/people/");
    await expect(page.getByText(ADMIN.email)).toBeVisible();
    await expectGoodInLightAndDark(page);
    await page.goto("/profile/");
    await expect(page.getByText("this browser")).toBeVisible();
    await expectGoodInLightAndDark(page);
    await page.goto("/audit/");
    await expect(page.getByRole("listitem").first()).toBeVisible();
    await expectGoodInLightAndDark(page);
  });
}
