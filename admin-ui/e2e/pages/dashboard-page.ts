import type { Locator, Page } from "@playwright/test";

export class DashboardPage {
  readonly alert: Locator;

  constructor(private readonly page: Page) {
    this.alert = page.getByRole("status", { name: "Support Request" });
  }

  async visit(): Promise<void> {
    await this.page.goto("/dashboard/");
    await this.page.getByRole("heading", { name: "Dashboard", level: 1 }).waitFor();
  }

  ticketOf(name: string): Locator {
    return this.page.getByRole("link", { name });
  }

  async viewSupport(): Promise<void> {
    await this.alert.getByRole("link", { name: "View Support" }).click();
  }
}
