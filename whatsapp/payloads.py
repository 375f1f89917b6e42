"""A webhook body becomes items: one for each message, status or other event in it. Nothing here raises.

Source: Meta's webhook reference. One body may hold a thousand updates in several entries, changes and arrays;
anything but an item's own id may be missing.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

Json = dict[str, Any]

MESSAGE = "message"
STATUS = "status"
ECHO = "echo"
STANDBY_MESSAGE = "standby_message"
STANDBY_ECHO = "standby_echo"
STANDBY_STATUS = "standby_status"
UNREADABLE = "unreadable"

NOTED_FIELDS = frozenset(
    "account_alerts account_review_update account_settings_update account_update automatic_events "
    "business_capability_update business_username_update business_username_updates calls flows "
    "group_lifecycle_update group_participants_update group_settings_update group_status_update history "
    "message_echoes message_template_components_update message_template_quality_update "
    "message_template_status_update messages messaging_handovers partner_solutions "
    "payment_configuration_update phone_number_name_update phone_number_quality_update security "
    "smb_app_state_sync smb_message_echoes standby template_category_update "
    "template_correct_category_detection user_id_update user_preferences".split()
)
"""The fields that Meta documents. What in them is no message, echo or status is noted as it stands."""

MOST_ITEMS = 10_000
"""Ten times what Meta says that a body may hold. More could not be stored row by row before Meta gives up."""

ENVELOPE = frozenset({"messaging_product", "metadata", "contacts"})


@dataclass(frozen=True)
class Item:
    """One thing that Meta said.

    `key` names it so that a second delivery is recognised, `lane` is the customer it concerns, and
    `problem` says why it cannot be understood, if it cannot.
    """

    kind: str
    key: str
    lane: str
    payload: str
    problem: str | None = None


def items(body: bytes) -> list[Item]:
    """Everything in the body, in its order; at least one item, so that no signed body disappears."""
    try:
        envelope = json.loads(body, parse_constant=_refuse)
        if not isinstance(envelope, dict):
            return [unreadable(body, "The body is not a JSON object.")]
        every = (item for entry in _objects(envelope.get("entry")) for item in _entry_items(entry))
        found = list(islice(every, MOST_ITEMS + 1))
    except ValueError as error:
        return [unreadable(body, f"The body is not JSON: {type(error).__name__}.")]
    except RecursionError:  # from reading, or from writing what could just be read
        return [unreadable(body, "The body is nested too deep.")]
    if len(found) > MOST_ITEMS:
        return [unreadable(body, f"The body holds more than {MOST_ITEMS} events.")]
    return found or [unreadable(body, "The body holds no event.")]


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_ESCAPES = {0xDC00 + byte: f"\\x{byte:02x}" for byte in range(128, 256)}
"""What is no UTF-8, as "backslashreplace" writes it; that takes seconds for a body of nothing else."""


def unreadable(body: bytes, problem: str) -> Item:
    """The whole body as one item that says why nothing can be made of it."""
    key = f"{UNREADABLE}:{hashlib.sha256(body).hexdigest()}"
    return Item(UNREADABLE, key, key, body.decode("utf-8", "surrogateescape").translate(_ESCAPES), problem)


def _objects(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def as_object(value: Any) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def _entry_items(entry: Any) -> Iterator[Item]:
    changes = _objects(as_object(entry).get("changes"))
    if not changes:
        yield _malformed(entry, "An entry without changes.")
    for change in changes:
        value = as_object(change).get("value")
        if not isinstance(value, dict):
            yield _malformed(change, "A change without a value.")
            continue
        field = as_object(change).get("field")
        found, rest = _known_items(field, value)
        yield from found
        if rest.keys() - ENVELOPE or not found:
            told = {"field": field, "value": {name: value[name] for name in ENVELOPE & value.keys()} | rest}
            yield _noted(str(field), {name: as_object(entry).get(name) for name in ("id", "time")} | told)


def _known_items(field: Any, value: Json) -> tuple[list[Item], Json]:
    """The messages, echoes and statuses of a change, and what else is in it."""
    match field:
        case "messages" | "smb_message_echoes" | "message_echoes":
            return _talk(value, value, (MESSAGE, ECHO, STATUS))
        case "standby":
            kinds = (STANDBY_MESSAGE, STANDBY_ECHO, STANDBY_STATUS)
            found, rest = _talk(value, as_object(value.get("standby")), kinds)
            others = {name: each for name, each in value.items() if name != "standby"}
            return found, others | ({"standby": rest} if rest.keys() - ENVELOPE else {})
        case "calls":
            return _calls(value)
        case _:
            return [], value


def _talk(value: Json, said: Json, kinds: tuple[str, str, str]) -> tuple[list[Item], Json]:
    """The messages, echoes and statuses in `said`, and what else there is in it."""
    number = _text(as_object(value.get("metadata")).get("phone_number_id"))
    contacts = [each for each in _objects(said.get("contacts")) if isinstance(each, dict)]
    message, echo, status = kinds
    rest = {name: each for name, each in said.items() if name not in ("message_echoes", "statuses")}
    messages = _objects(rest.pop("messages", None))
    errors = rest.pop("errors", None) if messages else None
    found = [_message_item(message, number, contacts, each, errors) for each in messages]
    found += [_echo_item(echo, number, contacts, each) for each in _objects(said.get("message_echoes"))]
    found += [_status_item(status, number, each) for each in _objects(said.get("statuses"))]
    return found, rest


def _message_item(kind: str, number: str, contacts: list[Json], message: Any, errors: Any) -> Item:
    if not (isinstance(message, dict) and _text(message.get("id"))):
        return _malformed({"number": number, "message": message}, "A message without an id.")
    # whoever changed their id writes under the new one next: one lane, so that the change comes first
    new = as_object(message.get("system"))
    names = (new.get("user_id"), new.get("wa_id"), message.get("from_user_id"), message.get("from"))
    sender = next(filter(None, map(_text, names)), "")
    payload = {"number": number, "contact": _match(contacts, message), "message": message}
    if isinstance(errors, list):
        payload["errors"] = errors
    return _item(kind, f"{number}:{message['id']}", f"{number}:{sender}", payload)


def _echo_item(kind: str, number: str, contacts: list[Json], echo: Any) -> Item:
    if not (isinstance(echo, dict) and _text(echo.get("id"))):
        return _malformed({"number": number, "echo": echo}, "An echo without an id.")
    sent = {**echo, **as_object(echo.get("message"))}
    recipient = {"from": sent.get("to"), "from_user_id": sent.get("to_user_id") or sent.get("recipient")}
    customer = _text(recipient["from_user_id"]) or _text(recipient["from"])
    payload = {"number": number, "contact": _match(contacts, recipient), "message": echo}
    return _item(kind, f"{number}:{echo['id']}", f"{number}:{customer}", payload)


def _status_item(kind: str, number: str, status: Any) -> Item:
    if not (isinstance(status, dict) and _text(status.get("id")) and _text(status.get("status"))):
        return _malformed({"number": number, "status": status}, "A status without an id or a state.")
    names = ("recipient_participant_user_id", "recipient_participant_id", "participant_recipient_id")
    participant = next(filter(None, (_text(status.get(name)) for name in names)), "")
    key = f"{number}:{status['id']}:{status['status']}:{participant}"
    return _item(kind, key, f"status:{status['id']}", {"number": number, "status": status})


def _calls(value: Json) -> tuple[list[Item], Json]:
    """A customer's call is something that they did, like a message; what becomes of it is noted."""
    number = _text(as_object(value.get("metadata")).get("phone_number_id"))
    contacts = [each for each in _objects(value.get("contacts")) if isinstance(each, dict)]
    found, rest = [], []
    for call in _objects(value.get("calls")):
        begins = isinstance(call, dict) and call.get("event") == "connect" and _text(call.get("id"))
        if begins and call.get("direction") != "BUSINESS_INITIATED":
            message = {**call, "type": "call"}
            found.append(_message_item(MESSAGE, number, contacts, message, None))
        else:
            rest.append(call)
    other = {name: each for name, each in value.items() if name != "calls"}
    return found, other | ({"calls": rest} if rest else {})


def _match(contacts: list[Json], message: Json) -> Json:
    """The sender's contact: by user id, else by number, else the only one there is."""
    for own, theirs in (("from_user_id", "user_id"), ("from", "wa_id")):
        wanted = _text(message.get(own))
        for contact in contacts:
            if wanted and _text(contact.get(theirs)) == wanted:
                return contact
    names_nobody = not message.get("from_user_id") and not message.get("from")
    return contacts[0] if len(contacts) == 1 and names_nobody else {}


def _item(kind: str, key: str, lane: str, payload: Any, problem: str | None = None) -> Item:
    return Item(kind, f"{kind}:{key}", lane, _dump(payload), problem)


def _dump(payload: Any) -> str:
    # ASCII: a lone surrogate, which no database takes, stays an escape
    return json.dumps(payload, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def _noted(field: str, payload: Json) -> Item:
    problem = None if field in NOTED_FIELDS else f"Unknown kind of event: {field[:40]!a}."
    digest = hashlib.sha256(_dump(payload).encode()).hexdigest()
    # the account's news in their order: of two, the later one holds
    lane = f"account:{_text(payload.get('id'))}"
    return _item(field[:40] if problem is None else "unknown", digest, lane, payload, problem)


def _malformed(payload: Any, problem: str) -> Item:
    digest = hashlib.sha256(_dump(payload).encode()).hexdigest()
    return _item("malformed", digest, digest, payload, problem)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
