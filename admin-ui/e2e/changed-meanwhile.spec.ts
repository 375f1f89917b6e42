import type { APIRequestContext } from "@playwright/test";

import { expect, keptWords, test } from "./fixtures";

async function contactOf(request: APIRequestContext, ticketId: number): Promise<string> {
  const answer = await request.get(`/api/support/tickets/${ticketId}`);
  const { data } = (await answer.json()) as { data: { contact_id: number } };
  return `/api/support/contacts/${data.contact_id}`;
}

test(
  "whoever answers a customer that a colleague erases is told so, and shows nothing of them any more",
  { tag: "@P36" },
  async ({ colleague, phone, request }) => {
    const { page } = colleague;
    await phone.writeUnseen("Chat Support");
    await phone.writeUnseen("My daughter is called Amara");
    await phone.sendUnseen({ type: "image", text: "This is Amara" });
    await colleague.visit();
    await colleague.open(phone.customer.name);
    await colleague.openMenuOf(colleague.said("My daughter is called Amara"));
    await page.getByRole("button", { name: "Reply", exact: true }).click();
    await colleague.composer.fill("How old is Amara?");
    const photo = colleague.said("This is Amara").getByRole("img");
    await expect(photo).toBeVisible();
    await photo.click();
    await expect(page.getByRole("dialog").getByText("This is Amara")).toBeVisible();

    const contact = await contactOf(request, colleague.openedId());
    expect((await request.post(`${contact}/erase`, { data: {} })).ok()).toBe(true);
    await expect(page.getByRole("heading", { name: "Erased customer", level: 2 })).toBeVisible();
    await expect(page.getByText("Nothing reaches them from here any more.")).toBeVisible();
    await expect(page.getByText("Amara")).toHaveCount(0);
    await expect(page.getByText(phone.customer.name)).toHaveCount(0);
    await expect(colleague.composer).toHaveCount(0);
    await expect.poll(() => keptWords(page)).toBe("");
  },
);

test("whoever blocks a customer while the desk cannot be reached is told so where they look", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  await page.route("**/api/support/contacts/*", (route) =>
    route.request().method() === "PATCH" ? route.abort() : route.continue(),
  );
  await support.details.getByRole("button", { name: "Block" }).click();
  const question = page.getByRole("dialog");
  await question.getByRole("button", { name: "Block" }).click();
  await expect(question.getByRole("alert")).toHaveText(/^The desk cannot be reached/);
  await page.unroute("**/api/support/contacts/*");
  await question.getByRole("button", { name: "Block" }).click();
  await expect(support.details.getByText(/^Blocked since/)).toBeVisible();
});
