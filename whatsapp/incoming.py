"""What one message or status of a webhook says, with everything optional that Meta leaves out at times."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from whatsapp.incoming_changes import (
    LONGEST_WAMID,
    IdentityChange,
    MessageChange,
    change_in_words,
    identity_change,
    message_change,
)
from whatsapp.incoming_content import Content, content_of, other
from whatsapp.payloads import Json, as_object
from whatsapp.values import (
    clean_text,
    identifier,
    integer,
    meta_time,
    objects,
    phone_digits,
    short_text,
    storable,
    user_id,
)

CHANGES = frozenset({"reaction", "edit", "revoke"})

SILENT_TYPES = CHANGES | {"system"}
"""Kinds in which the customer says nothing that a bot could answer."""

LONGEST_NUMBER_ID = 64
"""What the column holds. Meta's are far shorter; a longer one MariaDB would refuse and SQLite take."""

LONGEST_DETAIL = 1000
"""Of WhatsApp's words about a failure, as of those in an answer."""


class NotUnderstood(Exception):
    """An item that will not be understood however often it is tried; the text says why."""


@dataclass(frozen=True)
class Person:
    """By what WhatsApp names a sender; any part may be missing, but not all of the first three."""

    phone_number: str | None
    user_id: str | None
    parent_user_id: str | None
    name: str
    username: str | None


@dataclass(frozen=True)
class IncomingMessage:
    """A message to or from a customer, whom `person` names. `occurred_at` is Meta's time.

    `change` is what it does to another message, `identity` to the names of the customer. `echo`: somebody
    else sent it in the business's name. `standby`: another program is in charge of the talk.
    """

    wamid: str
    phone_number_id: str
    person: Person
    occurred_at: datetime
    type: str
    content: Content
    quoted_wamid: str | None
    change: MessageChange | None = None
    identity: IdentityChange | None = None
    in_group: bool = False
    standby: bool = False
    echo: bool = False

    @property
    def speaks(self) -> bool:
        """Whether it is something said to us, which a bot may answer and which opens the window."""
        return self.type not in SILENT_TYPES and not self.in_group and not self.echo


@dataclass(frozen=True)
class IncomingStatus:
    """What became of a message that was sent. `of_group`: for one member of several who got it."""

    wamid: str
    callback_id: str | None
    status: str
    occurred_at: datetime
    error_code: int | None
    error_detail: str | None
    pricing: Json | None = None
    of_group: bool = False


def parse_message(payload: Json, received_at: datetime, *, standby: bool = False) -> IncomingMessage:
    """What a customer sent. Raises NotUnderstood where nobody can be told to have, or an id is none."""
    message = as_object(payload.get("message"))
    contact = as_object(payload.get("contact"))
    system = as_object(message.get("system"))
    sender = {name: message.get(name) for name in ("from", "from_user_id", "from_parent_user_id")}
    if user_id(system.get("previous_user_id")):  # the sender as we know them; the event may name both
        sender["from_user_id"] = system["previous_user_id"]
    elif not any((sender["from"], sender["from_user_id"], contact)):
        sender |= {"from": system.get("wa_id"), "from_user_id": system.get("user_id")}
    person = _person(sender, contact)
    if message.get("type") == "contacts":
        person = replace(person, phone_number=person.phone_number or _own_number(message))
    return _parsed(payload, message, person, received_at, standby)


def parse_echo(payload: Json, received_at: datetime, *, standby: bool = False) -> IncomingMessage:
    """What somebody else sent in the business's name, to the customer whom `person` names.

    On standby it is the request as it was sent. Raises NotUnderstood as for a customer's message.
    """
    echo = as_object(payload.get("message"))
    message = {**echo, **as_object(echo.get("message")), "id": echo.get("id")}
    recipient = {
        "from": message.get("to"),
        "from_user_id": message.get("to_user_id") or message.get("recipient"),
        "from_parent_user_id": message.get("to_parent_user_id"),
    }
    person = _person(recipient, as_object(payload.get("contact")))
    return _parsed(payload, message, person, received_at, standby, echo=True)


def parse_status(payload: Json, received_at: datetime) -> IncomingStatus:
    """An unknown state is left to the caller. Raises NotUnderstood where the id is none."""
    status = as_object(payload.get("status"))
    errors = status.get("errors")
    error = as_object(errors[0]) if isinstance(errors, list) and errors else {}
    details = as_object(error.get("error_data")).get("details") or error.get("details") or error.get("title")
    pricing = as_object(status.get("pricing")) or as_object(
        as_object(status.get("conversation")).get("pricing")
    )
    participants = ("recipient_participant_id", "recipient_participant_user_id", "participant_recipient_id")
    return IncomingStatus(
        wamid=_id(status.get("id"), LONGEST_WAMID),
        callback_id=clean_text(status.get("biz_opaque_callback_data")) or None,
        status=clean_text(status.get("status")),
        occurred_at=meta_time(status.get("timestamp"), received_at),
        error_code=integer(error.get("code")),
        error_detail=clean_text(details)[:LONGEST_DETAIL] or None,
        pricing=storable(pricing) or None,
        of_group=status.get("recipient_type") == "group" or any(status.get(name) for name in participants),
    )


def _parsed(
    payload: Json,
    message: Json,
    person: Person,
    received_at: datetime,
    standby: bool,
    *,
    echo: bool = False,
) -> IncomingMessage:
    kind = short_text(message.get("type"), 60) or "unknown"
    errors = message.get("errors") or payload.get("errors")
    context = as_object(message.get("context"))
    change = message_change(kind, message) if kind in CHANGES else None
    in_group = bool(clean_text(message.get("group_id")))
    content = _content(kind, message, errors, echo)
    if extras := _extras(message, context, in_group):
        content = replace(content, payload={**content.payload, **extras})
    return IncomingMessage(
        wamid=_id(message.get("id"), LONGEST_WAMID),
        phone_number_id=_id(payload.get("number"), LONGEST_NUMBER_ID),
        person=person,
        occurred_at=meta_time(message.get("timestamp"), received_at),
        type=kind,
        content=content,
        quoted_wamid=identifier(clean_text(context.get("id")), LONGEST_WAMID),
        change=change,
        identity=identity_change(message) if kind == "system" else None,
        in_group=in_group,
        standby=standby,
        echo=echo,
    )


def _content(kind: str, message: Json, errors: Any, echo: bool) -> Content:
    if kind in CHANGES:
        return change_in_words(kind, message, errors)
    if kind == "system":
        words = short_text(as_object(message.get("system")).get("body"), 1000)
        return other(kind, words or "WhatsApp told something about this customer.")
    if echo and kind == "interactive" and (menu := as_object(message.get("interactive"))):
        return Content(
            "interactive",
            clean_text(as_object(menu.get("body")).get("text")),
            {"interactive": storable(menu)},
        )
    if echo and kind == "template" and (template := as_object(message.get("template"))):
        name = short_text(template.get("name"), 255)
        language = as_object(template.get("language")).get("code") or template.get("language")
        told = {"name": name, "language": short_text(language, 20), "components": template.get("components")}
        return Content("template", f"Template {name}".strip(), {"template": storable(told)})
    return content_of(kind, message, errors)


def _extras(message: Json, context: Json, in_group: bool) -> Json:
    found: Json = {}
    if context.get("frequently_forwarded") is True:
        found["forwarded"] = "often"
    elif context.get("forwarded") is True:
        found["forwarded"] = "once"
    for name, said in (("referral", message.get("referral")), ("product", context.get("referred_product"))):
        if as_object(said):
            found[name] = storable(said)
    if in_group:
        found["group"] = short_text(message.get("group_id"), 255)
    return found


def _own_number(message: Json) -> str | None:
    """The sender's number, on the card that answers a request for it; a card of somebody else gives none."""
    cards = objects(message.get("contacts"))
    if len(cards) != 1 or "contact_request" not in (cards[0].get("origin"), message.get("origin")):
        return None
    for phone in objects(cards[0].get("phones")):
        if number := phone_digits(phone.get("wa_id")) or phone_digits(phone.get("phone")):
            return number
    return None


def _id(value: Any, longest: int) -> str:
    text = clean_text(value)
    if len(text) > longest:
        raise NotUnderstood(f"An id of {len(text)} characters; {longest} are possible at most.")
    return text


def _person(sender: Json, contact: Json) -> Person:
    """The first three names are tried in the message, then in the contact beside it."""
    numbers = [phone_digits(each) for each in (sender.get("from"), contact.get("wa_id"))]
    users = [
        user_id(each)
        for each in (
            sender.get("from_user_id"),
            contact.get("user_id"),
            sender.get("from"),
            contact.get("wa_id"),
        )
    ]
    parents = [user_id(each) for each in (sender.get("from_parent_user_id"), contact.get("parent_user_id"))]
    profile = as_object(contact.get("profile"))
    person = Person(
        phone_number=next(filter(None, numbers), None),
        user_id=next(filter(None, users), None),
        parent_user_id=next(filter(None, parents), None),
        name=short_text(profile.get("name"), 255),
        username=short_text(profile.get("username"), 255).lstrip("@") or None,
    )
    if not (person.phone_number or person.user_id or person.parent_user_id):
        raise NotUnderstood("A message that names no sender.")
    return person
