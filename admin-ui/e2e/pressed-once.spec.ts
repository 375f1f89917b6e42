import type { APIRequestContext } from "@playwright/test";

import { expect, test } from "./fixtures";

/** Open tickets that no other test sees, and the address of their list. */
async function ticketsOfTheirOwn(request: APIRequestContext, many: number): Promise<string> {
  const unique = String(Date.now());
  const tag = await request.post("/api/support/tags", { data: { name: `Lamps ${unique}`, colour: "gray" } });
  const tagId = ((await tag.json()) as { data: { id: number } }).data.id;
  for (let n = 0; n < many; n += 1) {
    const made = await request.post("/api/support/tickets", {
      data: {
        phone_number: `+2348${n}0${unique.slice(-7)}`,
        sender_name: `Lamp ${n}`,
        issue_description: "A lamp",
      },
    });
    const { id } = ((await made.json()) as { data: { id: number } }).data;
    await request.patch(`/api/support/tickets/${id}`, { data: { add_tag_ids: [tagId] } });
  }
  return `?queue=open&tag=${tagId}`;
}

test("a key that is held down resolves one ticket, not one after the other", async ({
  support,
  page,
  request,
}) => {
  await support.visit(await ticketsOfTheirOwn(request, 4));
  await expect(support.tickets).toHaveCount(4);
  await support.tickets.first().click();
  await expect(page.getByRole("button", { name: "Resolve & next" })).toBeVisible();
  for (let times = 0; times < 30; times += 1) {
    await page.keyboard.down("d");
    await page.waitForTimeout(33);
  }
  await page.keyboard.up("d");
  await expect(support.tickets).toHaveCount(3);
  await expect(page.getByRole("button", { name: "Resolve & next" })).toBeVisible();

  // The next press is a press of its own; and through the list one goes by holding its key.
  await page.keyboard.press("d");
  await expect(support.tickets).toHaveCount(2);
  await support.tickets.first().focus();
  await page.keyboard.down("j");
  await page.keyboard.down("j");
  await page.keyboard.up("j");
  await expect(support.tickets.nth(1)).toBeFocused();
});
