import { expect, test } from "./fixtures";
import type { PhonePage } from "./pages/phone-page";

test.beforeEach(async ({ phone, support }) => {
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("The lamp is broken");
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.said("The lamp is broken")).toBeVisible();
});

/** What the customer sees on their message. */
async function given(phone: PhonePage): Promise<string | null | undefined> {
  return (await phone.messages()).find((each) => each.text === "The lamp is broken")?.reactions.business;
}

test("reactions go both ways and can be taken back", async ({ support, phone, page }) => {
  await support.answer("We will look at it");
  await expect(support.said("We will look at it").getByTitle("Delivered")).toBeVisible();
  const answer = (await phone.messages()).at(-1);
  await phone.reactUnseen(answer?.id ?? "", "🙏");
  await expect(support.said("We will look at it")).toContainText("🙏");

  const theirs = support.said("The lamp is broken");
  await support.openMenuOf(theirs);
  await page.getByRole("button", { name: "React with 😢" }).click();
  const own = theirs.getByRole("button", { name: "Take 😢 back" });
  await expect(own).toBeVisible();
  await expect.poll(() => given(phone)).toBe("😢");
  await own.click();
  await expect(own).toBeHidden();
  await expect.poll(() => given(phone)).toBeFalsy();
});

test("a reaction that WhatsApp refuses is not shown as one that arrived, and the same again is sent", async ({
  support,
  phone,
  page,
  request,
}) => {
  const refuse = { sends: { error_code: 131026, times: 1 } };
  expect((await request.post("/simulator/phone/misbehave", { data: refuse })).ok()).toBe(true);
  const theirs = support.said("The lamp is broken");
  const give = async () => {
    await support.openMenuOf(theirs);
    await page.getByRole("button", { name: "React with 😢" }).click();
  };
  await give();
  const reason = theirs.getByText("Reaction 😢: WhatsApp cannot deliver to this customer");
  await expect(reason).toBeVisible();
  await give();
  await expect(reason).toBeHidden();
  await expect.poll(() => given(phone)).toBe("😢");
});
