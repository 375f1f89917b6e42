"""The bodies of Meta's webhooks, and their signature."""

import hashlib
import hmac
import json
import time
from typing import Any

from simulator.graph_errors import status_error
from simulator.identifiers import new_message_id
from simulator.people import Customer, Message
from simulator.world import Account

MESSAGE_FIELDS = ("messages", "smb_message_echoes")


def signature(app_secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` for exactly these bytes."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def encode(payload: dict[str, Any]) -> bytes:
    """JSON as Meta writes it: with escapes for everything outside ASCII, for `/` and for `@`.

    A receiver that checks the signature over JSON it has written anew fails on these.
    """
    text = json.dumps(payload, separators=(",", ":"))
    return text.replace("/", "\\/").replace("@", "\\u0040").encode("ascii")


def envelope(account: Account, value: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    """A whole webhook body around one `value`, which for messages says to which number it belongs."""
    if field not in MESSAGE_FIELDS:
        entry = {
            "id": account.business_account_id,
            "time": int(time.time()),
            "changes": [{"value": value, "field": field}],
        }
        return {"object": "whatsapp_business_account", "entry": [entry]}
    shared = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": account.display_phone_number,
            "phone_number_id": account.phone_number_id,
        },
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": account.business_account_id, "changes": [{"value": shared | value, "field": field}]}
        ],
    }


def message_value(customer: Customer, message: dict[str, Any]) -> dict[str, Any]:
    """A message from this customer; who has no number appears without `from` and `wa_id`."""
    sender: dict[str, Any] = {"from_user_id": customer.user_id}
    if customer.phone_number:
        sender = {"from": customer.phone_number} | sender
    return {"contacts": [_contact(customer)], "messages": [sender | message]}


def system_value(before: Customer, after: Customer) -> dict[str, Any]:
    """A customer whom the desk has to know by other ids from now on. Meta sends no contacts with it."""
    message: dict[str, Any] = {"from_user_id": before.user_id}
    if before.phone_number:
        message = {"from": before.phone_number} | message
    if after.phone_number:
        system = {
            "type": "user_changed_number",
            "body": f"User {after.name} changed from {before.phone_number or before.username} "
            f"to {after.phone_number}",
            "wa_id": after.phone_number,
        }
    else:
        system = {"type": "user_changed_user_id", "body": f"User {after.name} changed user ID"}
    message |= {
        "id": new_message_id(before.phone_number or before.user_id, from_customer=True),
        "timestamp": str(int(time.time())),
        "type": "system",
        "system": system | {"user_id": after.user_id, "previous_user_id": before.user_id},
    }
    return {"messages": [message]}


def echo_value(account: Account, customer: Customer, message: Message) -> dict[str, Any]:
    """What a colleague wrote on the phone app."""
    echo: dict[str, Any] = {"from": account.display_phone_number, "to_user_id": customer.user_id}
    if customer.phone_number:
        echo["to"] = customer.phone_number
    content = {"type": "text", "text": {"body": message.text}}
    return {"message_echoes": [echo | {"id": message.id, "timestamp": str(message.at)} | content]}


def status_value(customer: Customer, message: Message, error_code: int | None = None) -> dict[str, Any]:
    """The status that this message has now, with pricing or contacts where Meta gives them."""
    entry: dict[str, Any] = {
        "id": message.id,
        "status": message.status,
        "timestamp": str(int(time.time())),
        "recipient_user_id": customer.user_id,
    }
    if customer.phone_number:
        entry["recipient_id"] = customer.phone_number
    if message.biz_opaque_callback_data is not None:
        entry["biz_opaque_callback_data"] = message.biz_opaque_callback_data
    if message.status in ("sent", "delivered"):
        free = message.pricing_category == "service"
        entry["pricing"] = {
            "billable": not free,
            "pricing_model": "PMP",
            "type": "free_customer_service" if free else "regular",
            "category": message.pricing_category,
        }
    if error_code is not None:
        return {"statuses": [entry | {"errors": [status_error(error_code)]}]}
    return {"contacts": [_contact(customer)], "statuses": [entry]}


def _contact(customer: Customer) -> dict[str, Any]:
    profile = {"name": customer.name}
    if customer.username:
        profile["username"] = customer.username
    contact: dict[str, Any] = {"profile": profile, "user_id": customer.user_id}
    if customer.phone_number:
        contact["wa_id"] = customer.phone_number
    return contact
