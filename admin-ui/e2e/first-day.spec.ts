import type { APIRequestContext } from "@playwright/test";

import { expect, test } from "./fixtures";

test("samples come with one click and go with one, and nothing is sent to them", async ({
  dashboard,
  support,
  page,
  request,
}) => {
  const samples = "/api/support/sample-data";
  expect((await request.post(samples, { data: {} })).ok()).toBe(true);
  await dashboard.visit();
  await expect(page.getByText("Sample customers are in the desk.")).toBeVisible();
  const [sample] = await sampleTickets(request);
  await support.visit(`?ticket=${sample}`);
  const sent = await posts(request);
  await support.answer("Did you try another charger?");
  await expect(support.said("Did you try another charger?")).toContainText("Nothing was sent");
  expect(await posts(request)).toBe(sent);

  await dashboard.visit();
  await page.getByRole("button", { name: "Remove the samples" }).click();
  await expect(page.getByText("Sample customers are in the desk.")).toBeHidden();
  expect(await sampleTickets(request)).toEqual([]);
});

test("the dashboard tells the week as a chart and as a table, and leads to the lists", async ({
  dashboard,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await dashboard.visit();
  await expect(
    page.getByRole("img", { name: /^In the last seven days \d+ tickets were opened/ }),
  ).toBeVisible();
  await page.getByText("Show as a table").click();
  const rows = page.getByRole("table").getByRole("row");
  await expect(rows).toHaveCount(8);
  const today = rows.last().getByRole("cell");
  await expect.poll(async () => Number(await today.first().textContent())).toBeGreaterThan(0);
  await expect(page.getByRole("region", { name: "Online" }).getByRole("link")).toContainText(["(you)"]);
  await page.getByRole("link", { name: /customers? waits?$/ }).click();
  await expect(page.getByRole("region", { name: "Tickets" })).toBeVisible();
});

test("the self-test says in words how the connection stands", async ({ page, phone }) => {
  await phone.writeUnseen("Hello");
  await page.goto("/settings/#self-test");
  const panel = page.getByRole("region", { name: "Connection to WhatsApp" });
  await panel.getByRole("button", { name: "Test now" }).click();
  await expect(panel.getByText("WhatsApp accepts the access token.")).toBeVisible();
  await expect(panel.getByRole("listitem").filter({ hasText: "App secret" })).toContainText("Good");
  await expect(panel.getByRole("listitem").filter({ hasText: "Address of the desk" })).toContainText(".env");
});

async function sampleTickets(request: APIRequestContext): Promise<number[]> {
  const answer = await (await request.get("/api/support/tickets?limit=200")).json();
  const { tickets } = (answer as { data: { tickets: { id: number; sender_name: string }[] } }).data;
  return tickets.filter((ticket) => ticket.sender_name === "Ngozi Eze (sample)").map(({ id }) => id);
}

async function posts(request: APIRequestContext): Promise<number> {
  return ((await (await request.get("/simulator/phone/requests")).json()) as unknown[]).length;
}
