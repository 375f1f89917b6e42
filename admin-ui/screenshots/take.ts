import type { APIRequestContext, Browser, Page } from "@playwright/test";
import { expect, test } from "@playwright/test";

import { ADMIN } from "../e2e/desks";

const IMAGES = "../docs/images";
const WIDTHS = [
  { name: "laptop", width: 1440, height: 900 },
  { name: "phone", width: 360, height: 740 },
];

type Thread = { customer: { id: string; phone_number: string | null } };

/** The sample customers, and three who write now, one of them with an answer: a morning at the desk. */
async function tellAMorning(request: APIRequestContext): Promise<number> {
  const { threads } = (await (await request.get("/simulator/phone/state")).json()) as { threads: Thread[] };
  const [amara, bello, folake] = threads.map((thread) => thread.customer);
  if (!amara || !bello || !folake) throw new Error("The practice phone should know three customers.");
  await request.patch("/api/profile", { data: { name: "Ada Obi" } });
  await request.post("/api/support/sample-data", { data: {} });
  const say = (customer: Thread["customer"], text: string) =>
    request.post(`/simulator/phone/customers/${customer.id}/messages`, { data: { type: "text", text } });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 4000));
  await say(amara, "Good morning");
  await settle();
  for (const customer of [amara, bello, folake]) await say(customer, "Chat Support");
  await settle();
  await say(bello, "My account is locked since yesterday");
  await say(
    folake,
    "How do I change my location? I moved from Ibadan to Lagos, and all the offers are still from Ibadan.",
  );
  await say(amara, "I swapped my sewing machine for a phone, but the phone does not switch on.");
  await settle();
  const open = await request.get("/api/support/open-tickets");
  const tickets = (
    (await open.json()) as { data: { tickets: { id: number; phone_number: string | null }[] } }
  ).data.tickets;
  const id = tickets.find((ticket) => ticket.phone_number === amara.phone_number)?.id;
  if (id === undefined) throw new Error("Amara's ticket should be open.");
  const tag = await request.post("/api/support/tags", { data: { name: "Swap dispute", colour: "orange" } });
  const { data: disputed } = (await tag.json()) as { data: { id: number } };
  await request.patch(`/api/support/tickets/${id}`, {
    data: { assigned_admin_id: 1, priority: "HIGH", add_tag_ids: [disputed.id] },
  });
  await request.post(`/api/support/tickets/${id}/messages`, {
    data: {
      message:
        "Hello Amara, I am sorry to hear that. Could you send us the number of the swap, please? It begins with TB-.",
    },
  });
  await settle();
  await request.post(`/simulator/phone/customers/${amara.id}/open`);
  await request.post(`/api/support/tickets/${id}/notes`, {
    data: { message: "The same seller as in #3. I am asking him.", client_id: crypto.randomUUID() },
  });
  await say(amara, "TB-20418. He told me it was new!");
  await settle();
  return id;
}

async function picture(page: Page, path: string, name: string, shows: string | RegExp): Promise<void> {
  await page.goto(path);
  await page.getByText(shows).filter({ visible: true }).first().waitFor();
  await page.waitForTimeout(2000);
  await page.screenshot({ path: `${IMAGES}/${name}.png` });
}

async function takeAll(browser: Browser, baseURL: string, id: number, signedIn: string): Promise<void> {
  for (const { name, width, height } of WIDTHS) {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({
        baseURL,
        colorScheme,
        storageState: signedIn,
        viewport: { width, height },
      });
      const page = await context.newPage();
      await picture(page, "/dashboard/", `dashboard-${name}-${colorScheme}`, "Last seven days");
      await picture(page, "/support-tickets/", `list-${name}-${colorScheme}`, "Folake Adeyemi");
      await picture(page, `/support-tickets/?ticket=${id}`, `ticket-${name}-${colorScheme}`, "TB-20418");
      if (name === "laptop") {
        await page.keyboard.press("Control+k");
        await page.getByRole("dialog").getByText("Assign to me").waitFor();
        await page.screenshot({ path: `${IMAGES}/palette-${name}-${colorScheme}.png` });
      }
      await picture(page, "/simulator/", `practice-phone-${name}-${colorScheme}`, "Amara Nwosu");
      await context.close();
    }
  }
}

test("pictures for README and docs", async ({ browser, page, playwright, baseURL }, testInfo) => {
  if (!baseURL) throw new Error("The config says where the desk is.");
  const desk = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { Origin: baseURL } });
  expect((await desk.post("/api/auth/login", { data: ADMIN })).ok()).toBe(true);
  const signedIn = testInfo.outputPath("signed-in.json");
  await page.context().addCookies((await desk.storageState({ path: signedIn })).cookies);
  const id = await tellAMorning(desk);
  await page.goto(`/support-tickets/?ticket=${id}`); // from now on its messages are read
  await page.getByRole("textbox", { name: "Your answer" }).waitFor();
  await takeAll(browser, baseURL, id, signedIn);
  await desk.dispose();
});
