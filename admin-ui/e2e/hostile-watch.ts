import { createHmac } from "node:crypto";

import type { APIRequestContext, Page } from "@playwright/test";

import { APP_SECRET } from "./desks";
import { expect } from "./fixtures";
import { CANARY } from "./hostile-payloads";

const PHONE_NUMBER_ID = "100000000000001";

/** What Meta would deliver: signed, with a profile of the customer's own making. */
export async function deliver(request: APIRequestContext, number: string, name: string, messages: object[]) {
  const metadata = { display_phone_number: "2342013300000", phone_number_id: PHONE_NUMBER_ID };
  const contacts = [{ wa_id: number, profile: { name, username: name } }];
  const value = { messaging_product: "whatsapp", metadata, contacts, messages };
  const entry = [{ id: "1", changes: [{ field: "messages", value }] }];
  const data = JSON.stringify({ object: "whatsapp_business_account", entry });
  const signature = `sha256=${createHmac("sha256", APP_SECRET).update(data).digest("hex")}`;
  const headers = { "Content-Type": "application/json", "X-Hub-Signature-256": signature };
  expect((await request.post("/api/webhook/whatsapp", { data, headers })).status()).toBe(200);
}

/** Every sign that a customer's words became more than words. */
export function watchFor(page: Page, own: string): string[] {
  const signs: string[] = [];
  page.on("dialog", (dialog) => {
    signs.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (asked) => {
    const { protocol, origin } = new URL(asked.url());
    if (origin !== own && !["data:", "blob:"].includes(protocol)) signs.push(`request: ${asked.url()}`);
  });
  page.on("console", (line) => {
    if (/content security policy|owned/i.test(line.text())) signs.push(`console: ${line.text()}`);
  });
  page.on("pageerror", (error) => signs.push(`error: ${error.message}`));
  page.on("popup", (popup) => signs.push(`popup: ${popup.url()}`));
  return signs;
}

/** Elements and addresses that only a customer could have brought. */
export const foreignParts = (page: Page) =>
  page.evaluate((canary) => {
    const bad = [...document.querySelectorAll("*")].filter((element) => {
      const attributes = [...element.attributes];
      const acts = attributes.some(({ name }) => /^on/i.test(name));
      const leads = attributes.some(
        ({ name, value }) =>
          /^(src|href|action|formaction|data|poster|srcset|xlink:href|style)$/i.test(name) &&
          (/^\s*(javascript|vbscript|data:text)/i.test(value) ||
            (value.includes(canary) && !(element.tagName === "A" && /^https?:\/\//i.test(value)))),
      );
      return acts || leads || /^(iframe|object|embed|base|marquee|math|template)$/i.test(element.tagName);
    });
    const owned = "owned" in window ? ["window.owned"] : [];
    return [...owned, ...bad.map((element) => element.outerHTML.slice(0, 200))];
  }, CANARY);
