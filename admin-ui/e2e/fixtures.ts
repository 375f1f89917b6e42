import type { APIRequestContext, Page, PlaywrightWorkerArgs } from "@playwright/test";
import { test as base, expect } from "@playwright/test";

import { ADMIN, DESK_PORT } from "./desks";
import { DashboardPage } from "./pages/dashboard-page";
import { PhonePage } from "./pages/phone-page";
import { SupportPage } from "./pages/support-page";

type StorageState = Awaited<ReturnType<APIRequestContext["storageState"]>>;

interface Fixtures {
  /** The desk's browser, signed in. */
  page: Page;
  dashboard: DashboardPage;
  support: SupportPage;
  /** The hand of a customer who is new to the desk. */
  phone: PhonePage;
  /** The browser of Bisi, an agent. */
  colleague: SupportPage;
}

/** Where the desk's own pages are. With a cookie, nothing is changed by a request that does not say it is from there. */
const HOME = `http://127.0.0.1:${DESK_PORT}`;
// One line for each request: on one that lay idle, a request can meet the desk as it hangs up.
const FROM_HOME = { baseURL: HOME, extraHTTPHeaders: { Origin: HOME, Connection: "close" } };

let customers = 0;

/** A page that fails its test when a script breaks or the content security policy stops one. */
function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", ({ message }) => {
    // Next fetches pages ahead. One that a cut line stops is fetched again once it is wanted, or its test fails.
    if (!message.startsWith("Failed to load chunk")) problems.push(message);
  });
  page.on("console", (line) => {
    if (line.type() === "error" && /content security policy|hydrat/i.test(line.text()))
      problems.push(line.text());
  });
  return problems;
}

/** An agent who has joined by a link; gives what their browser would keep. */
export async function joined(
  playwright: PlaywrightWorkerArgs["playwright"],
  signedIn: StorageState,
  name: string,
): Promise<StorageState> {
  const owner = await playwright.request.newContext({ ...FROM_HOME, storageState: signedIn });
  const email = `agent-${Date.now()}@example.org`;
  const invited = await owner.post("/api/people/invites", { data: { email, role: "agent" } });
  const { data } = (await invited.json()) as { data: { link: string } };
  const token = data.link.split("#").at(-1);
  const agent = await playwright.request.newContext({ ...FROM_HOME, storageState: undefined });
  const answer = await agent.post("/api/invites/accept", {
    data: { token, name, password: "a-tall-green-giraffe" },
  });
  expect(answer.ok()).toBe(true);
  const kept = await agent.storageState();
  await Promise.all([owner.dispose(), agent.dispose()]);
  return kept;
}

export const test = base.extend<Fixtures, { signedIn: StorageState; bisi: StorageState }>({
  signedIn: [
    async ({ playwright }, give) => {
      const desk = await playwright.request.newContext(FROM_HOME);
      expect((await desk.post("/api/auth/login", { data: ADMIN })).ok()).toBe(true);
      await give(await desk.storageState());
      await desk.dispose();
    },
    { scope: "worker" },
  ],
  bisi: [
    async ({ playwright, signedIn }, give) => give(await joined(playwright, signedIn, "Bisi")),
    { scope: "worker" },
  ],
  storageState: ({ signedIn }, give) => give(signedIn),
  request: async ({ playwright, storageState }, give) => {
    const request = await playwright.request.newContext({ ...FROM_HOME, storageState });
    await give(request);
    await request.dispose();
  },
  page: async ({ page }, give) => {
    const problems = watch(page);
    await give(page);
    expect(problems).toEqual([]);
  },
  dashboard: ({ page }, give) => give(new DashboardPage(page)),
  support: ({ page }, give) => give(new SupportPage(page)),
  colleague: async ({ browser, bisi }, give) => {
    const context = await browser.newContext({ storageState: bisi });
    const page = await context.newPage();
    const problems = watch(page);
    await give(new SupportPage(page));
    expect(problems).toEqual([]);
    await context.close();
  },
  phone: async ({ browser, request }, give) => {
    customers += 1;
    const context = await browser.newContext({ storageState: undefined });
    const name = `Customer ${customers}${test.info().repeatEachIndex || ""}-${Date.now() % 100_000}`;
    const phone_number = `+2348${String(Date.now()).slice(-9)}`;
    const added = await request.post("/simulator/phone/customers", { data: { name, phone_number } });
    expect(added.status()).toBe(201);
    const { id } = (await added.json()) as { id: string };
    await give(new PhonePage(await context.newPage(), request, { id, name }));
    await context.close();
  },
});

/** Does it and waits until the desk has it: whoever leaves the page at once takes the request along. */
export async function saved(page: Page, path: string, act: () => Promise<unknown>): Promise<void> {
  const answer = page.waitForResponse(
    (each) => each.request().method() !== "GET" && each.url().includes(path) && each.ok(),
  );
  await act();
  await answer;
}

/** The questions that the browser asks; whoever is asked stays. */
export function watchQuestions(page: Page): string[] {
  const asked: string[] = [];
  page.on("dialog", (question) => {
    asked.push(question.type());
    void question.dismiss();
  });
  return asked;
}

/** The words that the browser keeps for whoever is signed in: drafts, and answers that are not sent yet. */
export const keptWords = (page: Page) =>
  page.evaluate(() =>
    Object.entries(localStorage)
      .filter(([key]) => key.startsWith("kept-"))
      .map(([, text]) => text)
      .join(" "),
  );

export { expect };

/** The number of the ticket's customer. */
export async function contactOf(request: APIRequestContext, ticketId: number): Promise<number> {
  const answer = await request.get(`/api/support/tickets/${ticketId}`);
  return ((await answer.json()) as { data: { contact_id: number } }).data.contact_id;
}
