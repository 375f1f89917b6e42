import { ADMIN } from "./desks";
import { expect, test } from "./fixtures";

test.use({ storageState: { cookies: [], origins: [] } });

test("says what is wrong, then leads to the page that was asked for", async ({ page }) => {
  await page.goto("/support-tickets/?queue=all");
  await expect(page).toHaveURL(/\/login\/\?next=/);
  await page.getByLabel("Email").fill(ADMIN.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Sign-in failed" })).toBeVisible();

  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/support-tickets\/\?queue=all$/);
});

for (const path of ["/dashboard/", "/support-tickets/"]) {
  test(`who comes to ${path} and signs in is there`, async ({ page }) => {
    await page.goto(path); // its first questions are refused, and must not answer those after signing in
    await page.getByLabel("Email").fill(ADMIN.email);
    await page.getByLabel("Password").fill(ADMIN.password);
    const listed = page.waitForResponse((answer) => answer.ok() && answer.url().includes("/tickets?"));
    await page.getByRole("button", { name: "Sign in" }).click();
    await listed;
    await expect(page.getByRole("main")).toBeVisible();
    await expect(page).toHaveURL((address) => address.pathname === path);
  });
}

test("a session that ended leads to signing in, with the way back", async ({ page, context }) => {
  let heardAt = Date.now();
  page.on("request", () => (heardAt = Date.now()));
  page.on("response", () => (heardAt = Date.now()));
  await page.goto("/");
  await page.getByLabel("Email").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  // The stream has the page ask again; an answer to that would lead back here.
  await expect.poll(() => Date.now() - heardAt).toBeGreaterThan(2_000);

  await context.clearCookies();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Support" }).click();
  await expect(page).toHaveURL(/\/login\/\?next=%2Fsupport-tickets%2F/);
});

test("signing out closes the desk", async ({ page }) => {
  await page.goto("/login/");
  await page.getByLabel("Email").fill(ADMIN.email);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/login\/$/);
  await page.goto("/dashboard/");
  await expect(page).toHaveURL(/\/login\/\?next=/);
});
