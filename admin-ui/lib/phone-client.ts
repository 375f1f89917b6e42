import createClient from "openapi-fetch";

import { ApiError } from "@/lib/api-error";
import type { components, paths } from "@/lib/phone.gen";
import { phoneTexts } from "@/lib/phone-texts";

type Schemas = components["schemas"];
export type PhoneState = Schemas["State"];
export type PhoneThread = Schemas["Thread"];
export type PhoneCustomer = Schemas["Customer"];
export type PhoneMessage = Schemas["Message"];
export type PhoneMenu = Schemas["Menu"];
export type PhoneChange = Schemas["Change"];
export type Misbehaviour = Schemas["Misbehaviour"];
export type PhoneQuote = Schemas["Quote"];
export type PhoneTemplate = Schemas["MessageTemplate"];
export type PhoneAccount = Schemas["Business"];
export type Attachment = Schemas["Attachment"];
export type MediaKind = Attachment["kind"];
export type AccountEvent = Schemas["NewEvent"]["event"];
export type Review = Schemas["Review"];
/** What has a default may be left out. */
type New<T, Needed extends keyof T> = Pick<T, Needed> & Partial<T>;
export type NewMessage =
  | New<Schemas["NewText"], "type" | "text">
  | New<Schemas["NewReply"], "type" | "reply_to" | "choice_id">
  | New<Schemas["NewMedia"], "type">
  | New<Schemas["NewLocation"], "type">
  | New<Schemas["NewContacts"], "type" | "cards">
  | New<Schemas["NewOther"], "type">;

const TIMEOUT_MS = 10_000;
/** For up to 100 MB from a phone in the same house. */
const UPLOAD_TIMEOUT_MS = 300_000;

const client = createClient<paths>({
  baseUrl: "/simulator/phone",
  fetch: (request: Request) => {
    const isUpload = new URL(request.url).pathname.endsWith("/files");
    return fetch(request, { signal: AbortSignal.timeout(isUpload ? UPLOAD_TIMEOUT_MS : TIMEOUT_MS) });
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch(() => {
    throw new ApiError(0, "network", phoneTexts.unreachable);
  });
  if (data !== undefined) return data;
  const detail = (error as { detail?: unknown } | undefined)?.detail;
  if (response.status === 404 && typeof detail !== "string") {
    throw new ApiError(404, "no_simulator", phoneTexts.noSimulator);
  }
  throw new ApiError(response.status, "refused", typeof detail === "string" ? detail : phoneTexts.refused);
}

const customer = (customer_id: string) => ({ path: { customer_id } });
const message = (customer_id: string, message_id: string) => ({ path: { customer_id, message_id } });

/** What a customer does on the phone; served by the simulator, not by the desk. */
export const phone = {
  state: () => take(client.GET("/state")),
  addCustomer: (name: string, phone_number: string | null) =>
    take(client.POST("/customers", { body: { name, phone_number } })),
  write: (id: string, message: NewMessage) =>
    take(
      client.POST("/customers/{customer_id}/messages", {
        params: customer(id),
        body: message as Schemas["NewText"],
      }),
    ),
  open: (id: string) => take(client.POST("/customers/{customer_id}/open", { params: customer(id) })),
  upload: (kind: MediaKind, file: Blob, filename: string) =>
    take(
      client.POST("/files", {
        params: { query: { kind, filename } },
        headers: { "Content-Type": file.type || "application/octet-stream" },
        // The document can only say that the body is bytes, which its types call a string.
        body: file as unknown as string,
        bodySerializer: (body) => body,
      }),
    ),
  react: (id: string, messageId: string, emoji: string) =>
    take(
      client.POST("/customers/{customer_id}/messages/{message_id}/reaction", {
        params: message(id, messageId),
        body: { emoji },
      }),
    ),
  edit: (id: string, messageId: string, text: string) =>
    take(
      client.POST("/customers/{customer_id}/messages/{message_id}/edit", {
        params: message(id, messageId),
        body: { text },
      }),
    ),
  remove: (id: string, messageId: string) =>
    take(client.DELETE("/customers/{customer_id}/messages/{message_id}", { params: message(id, messageId) })),
  play: (id: string, messageId: string) =>
    take(
      client.POST("/customers/{customer_id}/messages/{message_id}/played", {
        params: message(id, messageId),
      }),
    ),
  changeNumber: (id: string, phone_number: string | null) =>
    take(client.POST("/customers/{customer_id}/number", { params: customer(id), body: { phone_number } })),
  setClock: (id: string, hours_behind: number) =>
    take(client.POST("/customers/{customer_id}/clock", { params: customer(id), body: { hours_behind } })),
  echo: (id: string, text: string) =>
    take(client.POST("/customers/{customer_id}/echo", { params: customer(id), body: { text } })),
  review: (template_id: string, body: Review) =>
    take(client.POST("/templates/{template_id}", { params: { path: { template_id } }, body })),
  accountEvent: (event: AccountEvent) => take(client.POST("/account/events", { body: { event } })),
  misbehave: (body: Misbehaviour) => take(client.POST("/misbehave", { body })),
  reset: () => take(client.POST("/reset")),
  openChanges: () => new EventSource("/simulator/phone/events"),
};
