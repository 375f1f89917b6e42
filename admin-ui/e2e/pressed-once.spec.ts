import type { APIRequestContext, Locator, Page } from "@playwright/test";

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

/** Both presses at the same place, as the browser counts them, whatever comes to be there between the two. */
async function pressTwice(page: Page, button: Locator): Promise<void> {
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  if (!box) throw new Error("There is no such button.");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await page.waitForTimeout(250);
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
}

test("a key that is held down resolves one ticket, not one after the other", async ({
  support,
  page,
  request,
}) => {
  await support.visit(await ticketsOfTheirOwn(request, 4));
  await expect(support.tickets).toHaveCount(4);
  await support.tickets.first().click();
  const heading = page.getByRole("region", { name: "Opened ticket" }).getByRole("heading", { level: 2 });
  await expect(heading).toBeFocused();
  const first = await heading.innerText();
  for (let times = 0; times < 30; times += 1) {
    await page.keyboard.down("d");
    await page.waitForTimeout(33);
  }
  await page.keyboard.up("d");
  await expect(support.tickets).toHaveCount(3);
  await expect(heading).not.toHaveText(first);
  await expect(heading).toBeFocused();
  const second = await heading.innerText();

  // The next press is a press of its own; and through the list one goes by holding its key.
  await page.keyboard.press("d");
  await expect(support.tickets).toHaveCount(2);
  await expect(heading).not.toHaveText(second);
  await expect(heading).toBeFocused(); // which would take it from the list
  await support.tickets.first().focus();
  await page.keyboard.down("j");
  await page.keyboard.down("j");
  await page.keyboard.up("j");
  await expect(support.tickets.nth(1)).toBeFocused();
});

test("a double click resolves one ticket, though the next opens between its two presses", async ({
  support,
  page,
  request,
}) => {
  await support.visit(await ticketsOfTheirOwn(request, 3));
  await expect(support.tickets).toHaveCount(3);
  const button = page.getByRole("button", { name: "Resolve & next" });
  for (const place of [1, 0]) {
    await support.tickets.nth(place).click(); // what was read before opens at once
    await expect(support.tickets.nth(place)).toHaveAttribute("aria-current", "true");
    await expect(button).toBeVisible();
  }
  await pressTwice(page, button);
  await expect(support.tickets).toHaveCount(2);
  await page.waitForTimeout(500); // a second one would go by now
  await expect(support.tickets).toHaveCount(2);
});

test("a double click on one token's button revokes that one, not what moves up", async ({
  page,
  request,
}) => {
  const names = ["Till", "Shop", "Website"].map((name) => `${name} ${Date.now()}`);
  for (const name of names) await request.post("/api/profile/tokens", { data: { name } });
  await page.goto("/profile/");
  await pressTwice(page, page.getByRole("button", { name: `Revoke ${names[1]}` }));
  await expect(page.getByRole("button", { name: `Revoke ${names[1]}` })).toHaveCount(0);
  await page.waitForTimeout(500);
  for (const name of [names[0], names[2]])
    await expect(page.getByRole("button", { name: `Revoke ${name}` })).toBeVisible();
});

test("a double click discards one answer, not the one that takes its place", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await page.route("**/messages?sender_type=admin", (route) =>
    route.fulfill({ status: 422, json: { status: "error", message: "Not like that.", data: null } }),
  );
  const discard = page.getByRole("button", { name: "Discard" });
  for (const [at, words] of ["It is in Kano", "It is in Jos", "It is in Aba"].entries()) {
    await support.answer(words);
    await expect(discard).toHaveCount(at + 1);
  }
  await pressTwice(page, discard.nth(1));
  await expect(support.said("It is in Jos")).toHaveCount(0);
  await expect(support.said("It is in Kano")).toBeVisible();
  await expect(support.said("It is in Aba")).toBeVisible();
});
