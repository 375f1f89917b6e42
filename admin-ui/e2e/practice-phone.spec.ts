import { expect, test } from "./fixtures";
import { expectGoodFor } from "./good-for-everyone";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
];

for (const viewport of SIZES) {
  test.describe(`at ${viewport.width} px`, () => {
    test.use({ viewport });

    test("every ready-made kind is sent and shown", async ({ phone: { page, customer } }) => {
      await page.setViewportSize(viewport);
      await page.goto(`/simulator/?customer=${customer.id}`);
      const chat = page.getByRole("log");
      for (const kind of [
        "Photo",
        "Video",
        "Voice",
        "Song",
        "PDF",
        "Sticker",
        "Order",
        "Poll",
        "Future kind",
      ]) {
        await page.getByRole("button", { name: "Send something else" }).click();
        await page.getByRole("dialog").getByRole("button", { name: kind, exact: true }).click();
      }
      for (const form of ["Place", "Contact"]) {
        await page.getByRole("button", { name: "Send something else" }).click();
        await page.getByRole("dialog").getByRole("button", { name: form, exact: true }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click();
      }
      await expect(chat.getByRole("link", { name: "+234 805 555 0164" })).toBeVisible();
      await expect(chat.getByText("National Theatre")).toBeVisible();
      await expect(chat.getByText("A kind that does not exist yet")).toBeVisible();
      await expect(chat.getByRole("link", { name: /receipt\.pdf/ })).toBeVisible();
      for (const picture of ["Photo", "Sticker"]) {
        const image = chat.getByRole("img", { name: picture, exact: true });
        await expect
          .poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth))
          .toBeGreaterThan(0);
      }
      await expectGoodFor(page);
      await page.getByRole("button", { name: "Send something else" }).click();
      await expectGoodFor(page);
    });

    test("the drawer", async ({ phone: { page } }) => {
      await page.setViewportSize(viewport);
      await page.goto("/simulator/");
      await page.getByRole("button", { name: /^Play Meta/ }).click();
      for (const group of ["Faults", "Templates", "Account", "Customer"]) {
        await page.getByRole("tab", { name: group }).click();
        await expectGoodFor(page);
      }
      await page.keyboard.press("ArrowRight");
      await expect(page.getByRole("tab", { name: "Faults" })).toBeFocused();
    });
  });
}

test("a chosen file goes out with its caption", async ({ phone: { page, customer } }) => {
  await page.goto(`/simulator/?customer=${customer.id}`);
  await page.getByRole("button", { name: "Send something else" }).click();
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("dialog").getByRole("button", { name: "Document", exact: true }).click();
  const file = { name: "guarantee.txt", mimeType: "text/plain", buffer: Buffer.from("Two years.") };
  await (await chooser).setFiles(file);
  await page.getByRole("textbox", { name: "Message" }).fill("Is it still valid?");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const chat = page.getByRole("log");
  await expect(chat.getByRole("link", { name: /guarantee\.txt/ })).toBeVisible();
  await expect(chat.getByText("Is it still valid?")).toBeVisible();
});

test("on a slow phone too, an address opens its customer's chat and no other before it", async ({
  phone,
}) => {
  const { page, customer } = phone;
  const browser = await page.context().newCDPSession(page);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  await page.addInitScript(() => {
    const seen = new Set<string>();
    const look = () => {
      const chat = document.querySelector("[role=log]")?.getAttribute("aria-label");
      if (chat) document.documentElement.dataset.chats = [...seen.add(chat)].join("; ");
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true });
  });
  await phone.openChat();
  await phone.write("Not lost");
  await expect(phone.received("Not lost")).toBeVisible();
  const only = `Chat of ${customer.name} with Trade by Barter`;
  await expect(page.locator("html")).toHaveAttribute("data-chats", only);
});

test("a message is edited, reacted to, answered and deleted", async ({ phone }) => {
  const { page } = phone;
  await phone.openChat();
  await phone.write("Wrong words");
  const menu = (words: string) => page.getByRole("button", { name: `What to do with: ${words}` });
  await phone.received("Wrong words").click({ button: "right" });
  await page.getByRole("button", { name: "Edit" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("Right words");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(phone.received("Right words")).toBeVisible();
  await menu("Right words").click();
  await page.getByRole("button", { name: "React with 👍" }).click();
  await page.getByRole("log").getByRole("button", { name: "Take back 👍" }).click();
  await expect(page.getByRole("log").getByRole("button", { name: "Take back 👍" })).toBeHidden();
  await menu("Right words").click();
  await page.getByRole("button", { name: "Reply", exact: true }).click();
  await phone.write("And more");
  await expect(phone.received("And more")).toBeVisible();
  await expect(phone.received("Right words")).toHaveCount(2);
  await menu("Right words").click();
  await page.getByRole("button", { name: "Delete for everyone" }).click();
  await expect(phone.received("You deleted this message")).toBeVisible();
});
