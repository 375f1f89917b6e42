import { describe, expect, it } from "vitest";

import { applyChange, visibleMessages } from "@/lib/phone-cache";
import type { PhoneCustomer, PhoneMessage, PhoneState } from "@/lib/phone-client";
import { GOOD_BEHAVIOUR } from "@/lib/phone-misbehaviour";

const amara: PhoneCustomer = {
  id: "1",
  name: "Amara",
  phone_number: "2348035550142",
  user_id: "NG.1",
  unread: 0,
  hours_behind: 0,
};
const hello: PhoneMessage = {
  id: "wamid.a",
  author: "customer",
  type: "text",
  text: "Hello",
  at: 1,
  status: "sent",
  cards: [],
  reactions: {},
  is_edited: false,
  is_deleted: false,
};

const state: PhoneState = {
  business_name: "Shop",
  display_phone_number: "2347005550100",
  threads: [{ customer: amara, messages: [hello] }],
  misbehaviour: GOOD_BEHAVIOUR,
  templates: [],
  account: { standing: "good", quality_rating: "GREEN", messaging_limit: "TIER_250" },
  webhooks_waiting: 0,
};

describe("applyChange", () => {
  it("adds a new message to the end of its chat, with what is unread", () => {
    const answer: PhoneMessage = { ...hello, id: "wamid.b", author: "business", text: "Hi" };
    const customer = { ...amara, unread: 1 };
    const { threads } = applyChange(state, { type: "message", customer, message: answer });
    expect(threads).toEqual([{ customer, messages: [hello, answer] }]);
  });

  it("replaces a message whose ticks have changed", () => {
    const read: PhoneMessage = { ...hello, status: "read" };
    const { threads } = applyChange(state, { type: "message", customer: amara, message: read });
    expect(threads[0]?.messages).toEqual([read]);
  });

  it("adds a customer who was not there", () => {
    const tola = { ...amara, id: "2", name: "Tola" };
    const { threads } = applyChange(state, { type: "customer", customer: tola });
    expect(threads.map(({ customer }) => customer.name)).toEqual(["Amara", "Tola"]);
    expect(threads[1]?.messages).toEqual([]);
  });

  it("leaves what it was given as it is", () => {
    const before = structuredClone(state);
    applyChange(state, {
      type: "message",
      customer: { ...amara, unread: 3 },
      message: { ...hello, id: "x" },
    });
    expect(state).toEqual(before);
  });
});

describe("visibleMessages", () => {
  it("hides what the business sent and what never arrived", () => {
    const fromBusiness = (status: PhoneMessage["status"]): PhoneMessage => ({
      ...hello,
      id: status,
      author: "business",
      status,
    });
    const messages = [hello, fromBusiness("accepted"), fromBusiness("failed"), fromBusiness("sent")];
    const ids = visibleMessages({ customer: amara, messages }).map(({ id }) => id);
    expect(ids).toEqual(["wamid.a", "sent"]);
  });
});
