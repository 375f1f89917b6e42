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

test("what is written of a tag that a colleague deletes stays, and its writer is told why it cannot be saved", async ({
  page,
  request,
}) => {
  const name = `Lamps ${Date.now()}`;
  const made = await request.post("/api/support/tags", { data: { name, colour: "gray" } });
  const { id } = ((await made.json()) as { data: { id: number } }).data;
  await page.goto("/tags/");
  await page.getByText("Live", { exact: true }).waitFor({ state: "attached" });
  await page.getByRole("button", { name: `Change the tag ${name}` }).click();
  const question = page.getByRole("dialog");
  await question.getByLabel("Name").fill(`${name} and candles`);
  expect((await request.delete(`/api/support/tags/${id}`)).ok()).toBe(true);
  await expect(page.getByRole("listitem").filter({ hasText: name })).toHaveCount(0);
  await expect(question.getByLabel("Name")).toHaveValue(`${name} and candles`);
  await question.getByRole("button", { name: "Save" }).click();
  await expect(question.getByText(/^There is no tag \d+, or not any more/)).toBeVisible();
});
