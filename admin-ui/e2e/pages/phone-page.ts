import type { APIRequestContext, Locator, Page } from "@playwright/test";

import type { components } from "../../lib/phone.gen";

type PhoneState = components["schemas"]["State"];
type PhoneMessage = components["schemas"]["Message"];

/** A customer with the practice phone. Where it matters only that something was written, it goes without a screen. */
export class PhonePage {
  constructor(
    readonly page: Page,
    private readonly request: APIRequestContext,
    readonly customer: { id: string; name: string },
  ) {}

  async openChat(): Promise<void> {
    await this.page.goto(`/simulator/?customer=${this.customer.id}`);
    await this.page.getByRole("log").waitFor();
  }

  async lookAway(): Promise<void> {
    await this.page.goto("about:blank");
  }

  async write(text: string): Promise<void> {
    await this.page.getByRole("textbox", { name: "Message" }).fill(text);
    await this.page.getByRole("button", { name: "Send", exact: true }).click();
  }

  received(text: string): Locator {
    return this.page.getByRole("log").getByText(text, { exact: true });
  }

  async writeUnseen(text: string): Promise<void> {
    await this.sendUnseen({ type: "text", text });
  }

  /** A message of any kind; returns WhatsApp's id of it. */
  async sendUnseen(message: Record<string, unknown>): Promise<string> {
    const { id } = (await this.act("messages", message)) as { id: string };
    return id;
  }

  async reactUnseen(messageId: string, emoji: string): Promise<void> {
    await this.act(`messages/${messageId}/reaction`, { emoji });
  }

  /** From now on this customer's messages count as written so long ago. */
  async setClockBack(hours: number): Promise<void> {
    await this.act("clock", { hours_behind: hours });
  }

  /** What the phone holds, oldest first. */
  async messages(): Promise<PhoneMessage[]> {
    const state = (await (await this.request.get("/simulator/phone/state")).json()) as PhoneState;
    return state.threads.find((thread) => thread.customer.id === this.customer.id)?.messages ?? [];
  }

  private async act(path: string, data: Record<string, unknown>): Promise<unknown> {
    const answer = await this.request.post(`/simulator/phone/customers/${this.customer.id}/${path}`, {
      data,
    });
    if (!answer.ok()) throw new Error(await answer.text());
    return answer.json();
  }
}
