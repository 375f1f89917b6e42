import type { FileChooser, Locator, Page } from "@playwright/test";

export class SupportPage {
  readonly composer: Locator;
  readonly lostConnection: Locator;
  readonly details: Locator;
  readonly problem: Locator;
  readonly tickets: Locator;

  constructor(readonly page: Page) {
    this.composer = page.getByRole("textbox", { name: "Your answer" });
    this.lostConnection = page.getByText("Connection lost, checking every 10 seconds");
    this.details = page.getByRole("complementary", { name: "Ticket details" });
    this.tickets = page.getByRole("region", { name: "Tickets" }).getByTestId(/^ticket-/);
    this.problem = page.getByRole("alert");
  }

  async visit(query = ""): Promise<void> {
    await this.page.goto(`/support-tickets/${query}`);
    await this.page.getByText("Live", { exact: true }).waitFor({ state: "attached" });
  }

  ticketOf(name: string): Locator {
    return this.page.getByRole("region", { name: "Tickets" }).getByRole("link", { name });
  }

  async open(name: string): Promise<void> {
    await this.ticketOf(name).click();
    await this.page.getByRole("heading", { name, level: 2 }).waitFor();
  }

  /** Every row of the thread that holds these words. */
  said(text: string): Locator {
    return this.page
      .getByRole("region", { name: /^Conversation with/ })
      .getByRole("listitem")
      .filter({ hasText: text });
  }

  async answer(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
  }

  async chooseKind(kind: string): Promise<void> {
    await this.page.getByRole("button", { name: "Attach", exact: true }).click();
    await this.page.getByRole("button", { name: kind }).click();
  }

  async attach(kind: string, file: Parameters<FileChooser["setFiles"]>[0]): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.chooseKind(kind);
    await (await chooser).setFiles(file);
  }

  async sendDialog(): Promise<void> {
    await this.page.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click();
  }

  async openMenuOf(row: Locator): Promise<void> {
    await row.hover();
    await row.getByRole("button", { name: /^Actions for the message/ }).click();
  }

  /** The number of the opened ticket, from the address. */
  openedId(): number {
    return Number(new URL(this.page.url()).searchParams.get("ticket"));
  }
}
