import { expect, test } from "./fixtures";

test("a new colour for a tag leaves it the name that a colleague gave it meanwhile", async ({
  page,
  request,
}) => {
  const name = `Bicycles ${Date.now()}`;
  const made = await request.post("/api/support/tags", { data: { name, colour: "gray" } });
  const { id } = ((await made.json()) as { data: { id: number } }).data;
  await page.goto("/tags/");
  await page.getByText("Live", { exact: true }).waitFor({ state: "attached" });
  await page.getByRole("button", { name: `Change the tag ${name}` }).click();
  const renamed = await request.patch(`/api/support/tags/${id}`, { data: { name: `${name} and parts` } });
  expect(renamed.ok()).toBe(true);
  const row = page.getByRole("listitem").filter({ hasText: `${name} and parts` });
  await expect(row).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Orange" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(row.locator("[data-colour=orange]")).toBeVisible();
});
