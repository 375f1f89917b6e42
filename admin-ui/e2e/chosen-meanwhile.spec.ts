import type { APIRequestContext, Page, Route } from "@playwright/test";

import { contactOf, expect, joined, test } from "./fixtures";

/** Holds the first such call back, or its answer, until it is let go. */
async function hold(page: Page, method: string, calls: string, what: "call" | "answer" = "call") {
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const held: string[] = [];
  await page.route(calls, async (route: Route) => {
    if (route.request().method() !== method || held.length > 0) return route.continue();
    held.push(route.request().postData() ?? "");
    const response = what === "answer" ? await route.fetch() : undefined;
    await gate;
    await (response ? route.fulfill({ response }) : route.continue());
  });
  return { held, letGo };
}

async function settingsOf(request: APIRequestContext): Promise<unknown> {
  return ((await (await request.get("/api/support/settings")).json()) as { data: unknown }).data;
}

const FIRST_SETTINGS = { read_marks: true, merge_lines: false };

test.afterEach(async ({ request }) => {
  const putBack = await request.patch("/api/support/settings", { data: FIRST_SETTINGS });
  expect(putBack.ok()).toBe(true); // other tests are at the same desk
});

test("a queue that is chosen while a ticket is being resolved stays chosen", async ({
  support,
  phone,
  page,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const id = support.openedId();
  const { held, letGo } = await hold(page, "PATCH", "**/api/support/tickets/*");
  await page.getByRole("button", { name: "Resolve & next" }).click();
  await expect.poll(() => held.length).toBe(1);
  await page.getByRole("link", { name: /^Unassigned/ }).click();
  await expect(page).toHaveURL(/queue=unassigned/);
  letGo();
  await expect(page).not.toHaveURL(new RegExp(`ticket=${id}$`));
  await expect(page).toHaveURL(/queue=unassigned/);
});

test("a switch that is put while another is on its way stands, and takes nothing of it back", async ({
  page,
  request,
}) => {
  const { held, letGo } = await hold(page, "PATCH", "**/api/support/settings", "answer");
  await page.goto("/settings/");
  const reads = page.getByRole("switch", { name: "Read marks and typing" });
  const merges = page.getByRole("switch", { name: "Join short lines" });
  await reads.click();
  await expect.poll(() => held.length).toBe(1);
  await merges.click();
  await page.waitForTimeout(500); // what is drawn at once may jump back a moment later
  await expect(reads).not.toBeChecked();
  await expect(merges).toBeChecked();
  letGo();
  await page.waitForTimeout(1_000);
  await expect(reads).not.toBeChecked();
  await expect(merges).toBeChecked();
  await expect.poll(() => settingsOf(request)).toMatchObject({ read_marks: false, merge_lines: true });
});

test("a switch that is put back while its first call is on the way ends as it was put last", async ({
  page,
  request,
}) => {
  const { held, letGo } = await hold(page, "PATCH", "**/api/support/settings");
  await page.goto("/settings/");
  const reads = page.getByRole("switch", { name: "Read marks and typing" });
  await reads.click();
  await expect.poll(() => held.length).toBe(1);
  await reads.click();
  await page.waitForTimeout(500); // side by side, this one would be at the desk by now
  letGo();
  await page.waitForTimeout(1_000);
  await expect(reads).toBeChecked();
  await expect.poll(() => settingsOf(request)).toMatchObject({ read_marks: true });
});

test("a role that is put right while its first call is on the way ends as it was chosen last", async ({
  page,
  playwright,
  signedIn,
  request,
}) => {
  const name = `Chidi ${Date.now()}`; // whom no other test needs: a new role signs one out
  await joined(playwright, signedIn, name);
  await page.goto("/people/");
  const { held, letGo } = await hold(page, "PUT", "**/api/people/*/role");
  const role = page.getByRole("combobox", { name: `Role of ${name}` });
  await role.selectOption("admin");
  await expect.poll(() => held.length).toBe(1);
  await expect(role).toHaveValue("admin"); // what was chosen can be seen, and be put right
  await role.selectOption("agent");
  await page.waitForTimeout(500); // side by side, this one would be at the desk by now
  letGo();
  await page.waitForTimeout(1_000);
  await expect(role).toHaveValue("agent");
  const present = async () => {
    const { data } = (await (await request.get("/api/people")).json()) as {
      data: { people: { name: string; role: string }[] };
    };
    return data.people.find((person) => person.name === name)?.role;
  };
  await expect.poll(present).toBe("agent");
});

test("a tag that is made on a slow line comes onto its ticket, though another is opened meanwhile", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const id = support.openedId();
  const name = `Refund ${Date.now()}`;
  const { held, letGo } = await hold(page, "POST", "**/api/support/tags");
  const field = support.details.getByRole("combobox", { name: "Add a tag" });
  await field.fill(name);
  await field.press("Enter");
  await expect.poll(() => held.length).toBe(1);
  await field.fill("Something else");
  await page.goBack();
  await expect(support.details).toHaveCount(0);
  letGo();
  await expect
    .poll(async () => {
      const answer = await request.get(`/api/support/tickets/${id}`);
      return ((await answer.json()) as { data: { tag_ids: number[] } }).data.tag_ids;
    })
    .toHaveLength(1);
});

test("what is written of a note while it is being saved is not lost", async ({
  support,
  phone,
  page,
  request,
}) => {
  await phone.writeUnseen("Chat Support");
  await support.visit();
  await support.open(phone.customer.name);
  const contactId = await contactOf(request, support.openedId());
  const noted = async () =>
    ((await (await request.get(`/api/support/contacts/${contactId}`)).json()) as { data: { note: string } })
      .data.note;
  await support.details.getByRole("button", { name: "Write a note" }).click();
  const field = support.details.getByRole("textbox", { name: "Note on this person" });
  const save = support.details.getByRole("button", { name: "Save" });
  const { held, letGo } = await hold(page, "PATCH", "**/api/support/contacts/*");
  await field.fill("Pays late");
  await save.click();
  await expect.poll(() => held.length).toBe(1);
  await field.pressSequentially(", but pays");
  letGo();
  await expect.poll(noted).toBe("Pays late");
  await page.waitForTimeout(500); // the answer is drawn by now
  await expect(field).toHaveValue("Pays late, but pays");
  await save.click();
  await expect(field).toHaveCount(0);
  await expect.poll(noted).toBe("Pays late, but pays");
});

test("the way to a quoted message that a cut line stops is not tried again and again", async ({
  support,
  phone,
  page,
}) => {
  test.slow(); // a thread longer than a page
  await phone.writeUnseen("Chat Support");
  const reply_to = await phone.sendUnseen({ type: "text", text: "My lamp is broken" });
  for (let line = 0; line < 105; line += 1) await phone.writeUnseen(`Line ${line}`);
  await support.visit();
  await expect(support.ticketOf(phone.customer.name)).toContainText("Line 104"); // all are there to be opened
  await support.open(phone.customer.name);
  await expect(support.said("Line 104")).toBeVisible();
  await phone.sendUnseen({ type: "text", text: "As I wrote", reply_to });
  await expect(support.said("As I wrote")).toContainText("My lamp is broken"); // though it is further up
  const earlier = "**/api/support/tickets/*/messages?*";
  let asked = 0;
  await page.route(earlier, (route) => {
    asked += 1;
    return route.abort();
  });
  const quote = support.said("As I wrote").getByRole("button", { name: /My lamp is broken/ });
  await quote.click();
  await expect(page.getByRole("button", { name: "Try again" })).toBeAttached();
  await page.waitForTimeout(1_000);
  expect(asked).toBe(1);

  await page.unroute(earlier);
  await quote.click();
  await expect(support.said("My lamp is broken").first()).toBeInViewport();
});
