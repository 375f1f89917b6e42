import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";

test.beforeEach(async ({ phone, support }) => {
  await phone.writeUnseen("Chat Support");
  await phone.writeUnseen("The lamp is broken");
  await support.visit();
  await support.open(phone.customer.name);
  await expect(support.said("The lamp is broken")).toBeVisible();
});

test("a photo comes in small, and opens large with the keyboard alone", async ({ support, phone, page }) => {
  await phone.sendUnseen({ type: "image", text: "This one" });
  await phone.sendUnseen({ type: "image", text: "And this" });
  const photo = support.said("This one").getByRole("button", { name: "This one" });
  await expect(photo.getByRole("img")).toHaveJSProperty("complete", true);
  await expect(photo.getByRole("img")).not.toHaveJSProperty("naturalWidth", 0);
  // The viewer goes through those whose file is here.
  await expect(support.said("And this").getByRole("img")).not.toHaveJSProperty("naturalWidth", 0);
  await photo.focus();
  await page.keyboard.press("Enter");
  const viewer = page.getByRole("dialog", { name: "Photo" });
  await expect(viewer.getByRole("img", { name: "This one" })).not.toHaveJSProperty("naturalWidth", 0);
  await page.keyboard.press("ArrowRight");
  await expect(viewer.getByText("2 of 2")).toBeVisible();
  for (let presses = 0; presses < 6; presses += 1) await page.keyboard.press("Tab");
  expect(await viewer.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await expect(viewer).toBeHidden();
  await expect(photo).toBeFocused();
});

test("a photo goes out with its words, and is refused in words when it is too large", async ({
  support,
  phone,
  page,
}) => {
  await support.attach("Photo or video", {
    name: "large.mp4",
    mimeType: "video/mp4",
    buffer: Buffer.alloc(17 * 1024 * 1024),
  });
  await expect(page.getByRole("alert").filter({ hasText: "large.mp4" })).toContainText("at most 16 MB");

  await support.attach("Photo or video", "../simulator/samples/photo.jpg");
  await support.answer("Is it this lamp?");
  const answer = support.said("Is it this lamp?");
  await expect(answer.getByTitle("Delivered")).toBeVisible();
  await expect(answer.getByRole("img")).not.toHaveJSProperty("naturalWidth", 0);
  await expect(answer).toHaveCount(1);
  const sent = (await phone.messages()).at(-1);
  expect([sent?.type, sent?.text, sent?.media?.mime_type]).toEqual([
    "image",
    "Is it this lamp?",
    "image/jpeg",
  ]);
});

test("a voice note is a row that plays when asked, and one spoken here arrives as one", async ({
  support,
  phone,
  page,
}) => {
  await phone.sendUnseen({ type: "voice" });
  const note = page.getByRole("button", { name: /^Play voice note, 0:0\d$/ });
  await expect(page.locator("audio")).toHaveCount(0);
  await note.click();
  await expect(page.locator("audio")).toHaveAttribute("src", /\/api\/support\/media\/\d+/);

  await page.getByRole("button", { name: "Record a voice note" }).click();
  await expect(page.getByRole("timer")).toHaveText(/0:(0[2-9]|[1-5])/);
  await page.getByRole("button", { name: "Send the voice note" }).click();
  await expect(support.said("Voice note").getByTitle("Delivered")).toBeVisible();
  const sent = (await phone.messages()).at(-1);
  expect([sent?.media?.kind, sent?.media?.mime_type.split(";")[0]]).toEqual(["voice", "audio/ogg"]);
});

test("what was spoken until the device took the microphone away is sent all the same", async ({
  support,
  phone,
  page,
}) => {
  const streams = await watchMicrophone(page);
  await page.getByRole("button", { name: "Record a voice note" }).click();
  await expect(page.getByRole("timer")).toHaveText(/0:(0[2-9]|[1-5])/);
  await streams.evaluate((all) => all.flatMap((one) => one.getTracks()).forEach((track) => track.stop()));
  await expect(page.getByText("The microphone was taken away")).toBeVisible();
  await page.getByRole("button", { name: "Send the voice note" }).click();
  await expect(support.said("Voice note").getByTitle("Delivered")).toBeVisible();
  expect((await phone.messages()).at(-1)?.media?.kind).toBe("voice");
});

test("what is being recorded stays in sight beside a note, and can be ended there", async ({
  support,
  page,
}) => {
  const streams = await watchMicrophone(page);
  await page.getByRole("button", { name: "Record a voice note" }).click();
  await expect(page.getByRole("timer")).toHaveText(/0:(0[1-9]|[1-5])/);
  await page.getByRole("button", { name: "Note", exact: true }).click();
  const note = page.getByRole("textbox", { name: "Your note" });
  await expect(note).toBeFocused();
  await expect(page.getByRole("timer")).toHaveText(/0:(0[2-9]|[1-5])/);
  await expect(note).toBeFocused();
  await page.getByRole("button", { name: "Discard the recording" }).click();
  await expect(page.getByRole("timer")).toHaveCount(0);
  await expect(note).toBeVisible();
  const tracks = await streams.evaluate((all) =>
    all.flatMap((one) => one.getTracks()).map((t) => t.readyState),
  );
  expect(tracks).toEqual(["ended"]);
  await expect(support.said("Voice note")).toHaveCount(0);
});

test("a microphone that is allowed only once its ticket was left is let go", async ({ page }) => {
  const streams = await watchMicrophone(page, 1_000);
  await page.getByRole("button", { name: "Record a voice note" }).click();
  await page.getByRole("link", { name: "Tags" }).click();
  await expect(page.getByRole("heading", { name: "Tags", level: 1 })).toBeVisible();
  const tracks = () =>
    streams.evaluate((all) => all.flatMap((one) => one.getTracks()).map((track) => track.readyState));
  await expect.poll(tracks).toEqual(["ended"]);
});

test("places, cards and choices go both ways", async ({ support, phone, page }) => {
  await phone.sendUnseen({ type: "location", text: "Ikeja City Mall" });
  const map = support.said("Ikeja City Mall").getByRole("link", { name: "Open map" });
  await expect(map).toHaveAttribute("rel", /noreferrer/);
  await expect(map).toHaveAttribute("href", /query=6\.5244,3\.3792/);

  await support.chooseKind("Location");
  await page.getByLabel("Latitude").fill("7.3775");
  await page.getByLabel("Longitude").fill("3.9470");
  await page.getByLabel("Name of the place").fill("Our shop");
  await support.sendDialog();
  await expect(support.said("Our shop").getByTitle("Delivered")).toBeVisible();

  await support.chooseKind("Contact card");
  await page.getByRole("dialog").getByLabel("Name").fill("Repair desk");
  await page.getByRole("dialog").getByLabel("Phone number").fill("0803 555 0199");
  await support.sendDialog();
  await expect(support.said("Repair desk").getByTitle("Delivered")).toBeVisible();

  await support.composer.fill("Shall we send a new one?");
  await support.chooseKind("Buttons");
  await page.getByLabel("Button 1").fill("Yes, please");
  await page.getByLabel("Button 2").fill("Money back");
  await support.sendDialog();
  await expect(support.said("Shall we send a new one?").getByTitle("Delivered")).toBeVisible();
  await expect(support.composer).toHaveValue("");

  const sent = await phone.messages();
  expect(sent.slice(-3).map((message) => message.type)).toEqual(["location", "contacts", "interactive"]);
  const question = sent.at(-1);
  expect(question?.menu?.buttons.map((button) => button.title)).toEqual(["Yes, please", "Money back"]);
  await phone.sendUnseen({
    type: "button_reply",
    reply_to: question?.id,
    choice_id: question?.menu?.buttons[1]?.id,
  });
  await expect(support.said("Money back").last()).toContainText("Shall we send a new one?");
});

test("an answer quotes, Escape gives that up, and a click on a quote goes to what it quotes", async ({
  support,
  phone,
  page,
}) => {
  for (let line = 1; line <= 12; line += 1) await phone.writeUnseen(`Line ${line} of a long story`);
  await expect(support.said("Line 12 of a long story")).toBeVisible();
  const first = support.said("The lamp is broken").first();
  await support.openMenuOf(first);
  await page.getByRole("button", { name: "Reply", exact: true }).click();
  await expect(support.composer).toBeFocused();
  await expect(page.getByText(`Reply to ${phone.customer.name}`)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText(`Reply to ${phone.customer.name}`)).toBeHidden();

  await support.openMenuOf(first);
  await page.getByRole("button", { name: "Reply", exact: true }).click();
  await support.answer("Which lamp is it?");
  await expect(support.said("Which lamp is it?").getByTitle("Delivered")).toBeVisible();
  expect((await phone.messages()).at(-1)?.quote?.text).toBe("The lamp is broken");

  await expect(first).not.toBeInViewport();
  await support
    .said("Which lamp is it?")
    .getByRole("button", { name: /Show the message/ })
    .click();
  await expect(first).toBeInViewport();
  await expect(first).toBeFocused();
});

test("what failed says why and is really sent again, with its earlier attempt", async ({
  support,
  phone,
  page,
  request,
}) => {
  const refuse = { sends: { error_code: 131026, times: 1 } };
  expect((await request.post("/simulator/phone/misbehave", { data: refuse })).ok()).toBe(true);
  await support.answer("It is on its way");
  const answer = support.said("It is on its way");
  await expect(answer.getByTitle("Not sent")).toBeVisible();
  await expect(answer).toContainText("131026");

  await page.getByRole("button", { name: "Send again" }).click();
  await expect(answer.getByTitle("Delivered")).toBeVisible();
  await expect(answer).toHaveCount(1);
  await answer.getByText("An earlier attempt").click();
  await expect(answer.getByText(/^Attempt 1: Not sent/)).toBeVisible();
  expect((await phone.messages()).filter((message) => message.text === "It is on its way")).toHaveLength(1);
});

/** The streams that the page gets from the microphone, each so long after it has asked. */
function watchMicrophone(page: Page, delay = 0) {
  return page.evaluateHandle((ms) => {
    const streams: MediaStream[] = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (what) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      const stream = await ask(what);
      streams.push(stream);
      return stream;
    };
    return streams;
  }, delay);
}
