import { expect, test } from "./fixtures";

/** What leads to something that an agent may not do. */
const NOT_FOR_AGENTS =
  /^(Export their data|Erase|Delete|Merge|Rename|Change|Check now|Sync now|Save|Try again|Dismiss|Invite)/;

for (const width of [1440, 360]) {
  test(`an agent finds nothing that is not for agents, ${width} wide`, async ({ colleague, phone }) => {
    const { page } = colleague;
    const problems: string[] = [];
    page.on("response", (answer) => {
      if (answer.status() >= 400) problems.push(`${answer.status()} ${answer.url()}`);
    });
    page.on("console", (line) => {
      if (line.type() === "error") problems.push(line.text());
    });
    await page.setViewportSize({ width, height: 800 });
    await phone.writeUnseen("Chat Support");
    await colleague.visit();
    await colleague.open(phone.customer.name);
    await expect(colleague.composer).toBeVisible();
    const notForThem = page
      .getByRole("button")
      .or(page.getByRole("link"))
      .filter({ hasText: NOT_FOR_AGENTS });
    await expect(notForThem).toHaveCount(0);
    for (const [path, sign] of [
      ["/dashboard/", "Last seven days"],
      ["/canned-replies/", "Canned replies"],
      ["/tags/", "Tags"],
      ["/settings/", "Templates"],
    ] as const) {
      await page.goto(path);
      await expect(page.getByRole("heading", { name: sign, exact: true }).first()).toBeAttached();
      await expect(page.getByText("Live", { exact: true })).toBeAttached();
      await expect(notForThem).toHaveCount(0);
      await expect(page.getByRole("link", { name: "People", exact: true })).toHaveCount(0);
    }
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("option").first()).toBeVisible();
    await expect(page.getByRole("option", { name: /^(People|Audit)/ })).toHaveCount(0);
    expect(problems).toEqual([]);
  });
}
