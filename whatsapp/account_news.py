"""What WhatsApp tells about the account, its numbers and its templates, in plain sentences.

Fields and their values are those of Meta's webhook reference. Whatever else comes is told by its name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from whatsapp.account_words import (
    ACCOUNT_WORDS,
    CRITICAL,
    INFO,
    SECURITY_WORDS,
    STANDBY_WORDS,
    TIERS,
    TOPICS,
    WARNING,
    Told,
    readable,
    word,
)
from whatsapp.errors import ErrorClass, classify, plain_words
from whatsapp.incoming_content import error_details
from whatsapp.payloads import Json, as_object
from whatsapp.template_news import template_category, template_quality, template_status
from whatsapp.values import integer, meta_time, objects, short_text

LONGEST_SUBJECT = 255
LONGEST_SUMMARY = 10_000
"""In characters; MariaDB's column holds 65,535 bytes."""


@dataclass(frozen=True)
class News:
    """One event. `subject` is what it is about: a newer one of the same field and subject replaces it.

    `severity`: critical stops messages, warning may come to that.
    """

    field: str
    subject: str
    severity: str
    summary: str
    occurred_at: datetime


def news_of(payload: Json, received_at: datetime) -> News:
    """What an event of the inbox tells. Whatever is missing or odd, it is news."""
    field = short_text(payload.get("field"), 60)
    value = as_object(payload.get("value"))
    if "new_quality_score" in value:  # Meta's own example comes under another field
        field = "message_template_quality_update"
    entry = word(payload.get("id"))
    teller = _TELLERS.get(field)
    told = teller(value, entry) if teller else None
    subject, severity, summary = told or _unnamed(field, value, entry)
    wishes = objects(value.get("user_preferences"))
    at = payload.get("time") or value.get("timestamp") or (wishes[0].get("timestamp") if wishes else None)
    summary = summary[:LONGEST_SUMMARY]
    return News(field, subject[:LONGEST_SUBJECT], severity, summary, meta_time(at, received_at))


def _unnamed(field: str, value: Json, entry: str) -> Told:
    what = readable(value.get("event") or value.get("type") or value.get("status"))
    words = word(value.get("message"), 500)
    told = f": {words or what}." if words or what else "."
    return entry, INFO, f"WhatsApp told something of the kind {readable(field) or 'unknown'}{told}"


def _errors(value: Json, entry: str) -> Told | None:
    errors = objects(value.get("errors"))
    if not errors:
        return None
    code = integer(errors[0].get("code"))
    kind = classify(400, {**errors[0], "code": code})
    severity = CRITICAL if kind is ErrorClass.CONFIGURATION else WARNING
    number = word(as_object(value.get("metadata")).get("phone_number_id")) or entry
    details = error_details(errors)
    return f"{number} error {code}", severity, plain_words(code, details)


def _account_update(value: Json, entry: str) -> Told:
    event = word(value.get("event")).upper()
    account = word(as_object(value.get("waba_info")).get("waba_id")) or entry
    topic = TOPICS.get(event, event.lower() or "account")
    severity, words = ACCOUNT_WORDS.get(event, (INFO, f"WhatsApp told about the account: {readable(event)}."))
    if event == "ACCOUNT_RESTRICTION":
        severity, words = _restriction(value)
    elif event == "DISABLED_UPDATE":
        severity, words = _ban(as_object(value.get("ban_info")))
    elif event == "ACCOUNT_VIOLATION":
        violation = readable(as_object(value.get("violation_info")).get("violation_type"))
        words = f"{words} Reason: {violation}." if violation else words
    return f"{account} {topic}", severity, words


def _restriction(value: Json) -> tuple[str, str]:
    restrictions = objects(value.get("restriction_info"))
    kinds = [word(each.get("restriction_type")).upper() for each in restrictions]
    stops = not kinds or any("INITIATED_MESSAGING" in kind for kind in kinds)
    what = {
        "RESTRICTED_BIZ_INITIATED_MESSAGING": "no messages to customers who did not write first",
        "RESTRICTED_CUSTOMER_INITIATED_MESSAGING": "no answers to customers",
        "RESTRICTED_ADD_PHONE_NUMBER_ACTION": "no further phone numbers",
    }
    listed = "; ".join(what.get(kind, readable(kind)) for kind in kinds if kind)
    ends = [integer(each.get("expiration")) for each in restrictions]
    until = max(filter(None, ends), default=None)
    day = f" until {datetime.fromtimestamp(until, UTC):%d %B %Y %H:%M} UTC" if until and until > 0 else ""
    words = f"WhatsApp has restricted the account{day}"
    return CRITICAL if stops else WARNING, f"{words}: {listed}." if listed else f"{words}."


def _ban(ban: Json) -> tuple[str, str]:
    state, day = word(ban.get("waba_ban_state")).upper(), word(ban.get("waba_ban_date"))
    when = f" on {day}" if day else ""
    match state:
        case "REINSTATE":
            return INFO, "WhatsApp has given the account back: messages go out again."
        case "SCHEDULE_FOR_DISABLE":
            return (
                WARNING,
                f"WhatsApp will disable the account{when}. Appeal in WhatsApp Manager before that.",
            )
        case _:
            return (
                CRITICAL,
                f"WhatsApp has disabled the account{when}. Nothing can be sent; appeal in WhatsApp Manager.",
            )


def _alert(value: Json, _entry: str) -> Told:
    alert = as_object(value.get("alert_info")) or value
    kind, words = readable(alert.get("alert_type")), word(alert.get("alert_description"), 500)
    active = word(alert.get("alert_status")).upper() in ("ACTIVE", "")
    told = word(alert.get("alert_severity")).upper()
    severity = {"CRITICAL": CRITICAL, "WARNING": WARNING}.get(told, INFO) if active else INFO
    over = "" if active else "This is over: "
    subject = f"{word(value.get('entity_type'))} {word(value.get('entity_id'))} {kind}"
    return subject.strip(), severity, f"{over}{words or kind or 'WhatsApp has an alert for the account.'}"


def _review(value: Json, entry: str) -> Told:
    decision = word(value.get("decision")).upper()
    severity = {"REJECTED": CRITICAL, "DEFERRED": WARNING}.get(decision, INFO)
    return entry, severity, f"WhatsApp's review of the account: {readable(decision) or 'no decision'}."


def _number(value: Json, entry: str) -> str:
    return word(value.get("display_phone_number")) or entry


def _number_quality(value: Json, entry: str) -> Told:
    number, event = _number(value, entry), word(value.get("event")).upper()
    limit = _limit(value.get("max_daily_conversations_per_business") or value.get("current_limit"))
    words = {
        "FLAGGED": "has a low quality: customers block or report it, and its limit may sink",
        "UNFLAGGED": "has a good quality again",
        "DOWNGRADE": "has a lower limit",
        "UPGRADE": "has a higher limit",
        "ONBOARDING": "is ready to send",
        "THROUGHPUT_UPGRADE": "can send more messages a second",
    }.get(event, f"has news: {readable(event) or 'unknown'}")
    severity = WARNING if event in ("FLAGGED", "DOWNGRADE") else INFO
    return number, severity, f"The number {number} {words}.{f' Limit: {limit}.' if limit else ''}"


def _limit(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,} new customers a day" if abs(value) < 10**9 else ""
    return TIERS.get(word(value).upper(), readable(value))


def _capability(value: Json, entry: str) -> Told:
    asked = "max_daily_conversations_per_business", "max_daily_conversation_per_phone"
    limit = next(filter(None, (_limit(value.get(name)) for name in asked)), "")
    told = f"messages to {limit}" if limit else "new limits"
    return entry, INFO, f"WhatsApp now allows the account {told}."


def _number_name(value: Json, entry: str) -> Told:
    number, decision = _number(value, entry), readable(value.get("decision"))
    name = word(value.get("requested_verified_name"))
    severity = INFO if decision == "approved" else WARNING
    return number, severity, f"The name {name} of the number {number}: {decision or 'no decision'}."


def _security(value: Json, entry: str) -> Told:
    number, event = _number(value, entry), word(value.get("event")).upper()
    words = SECURITY_WORDS.get(event, f"has a security event: {readable(event) or 'unknown'}.")
    return number, WARNING, f"The number {number} {words}"


def _preferences(value: Json, entry: str) -> Told:
    found = objects(value.get("user_preferences"))
    contacts = objects(value.get("contacts"))
    sentences = []
    for each in found[:50]:
        profile = next((c for c in contacts if c.get("wa_id") == each.get("wa_id")), {})
        name = word(as_object(profile.get("profile")).get("name")) or "A customer"
        wish = word(each.get("value")).lower()
        words = {"stop": "no longer wants marketing messages", "resume": "wants marketing messages again"}
        detail = word(each.get("detail"), 300) or wish or "unknown"
        sentences.append(f"{name} {words[wish]}." if wish in words else f"{name} changed a wish: {detail}.")
    first = found[0] if found else {}
    subject = word(first.get("user_id")) or word(first.get("wa_id")) or entry
    return subject, INFO, " ".join(sentences) or "A customer changed a wish about messages."


def _username(value: Json, entry: str) -> Told:
    name, status = word(value.get("username")), readable(value.get("status"))
    shown = f"The user name {name} of the business" if name else "The user name of the business"
    return _number(value, entry), INFO, f"{shown} is {status or 'changed'}."


def _handover(value: Json, entry: str) -> Told:
    kind = word(value.get("type"))
    roles = as_object(value.get(kind))
    new, old = readable(roles.get("new_owner_role")), readable(roles.get("previous_owner_role"))
    number = word(as_object(value.get("recipient")).get("phone_number_id")) or entry
    verb = "was taken over" if kind == "control_taken" else "was passed on"
    return number, INFO, f"A talk {verb}{f' from {old}' if old else ''}{f' to {new}' if new else ''}."


def _standby(value: Json, entry: str) -> Told:
    return word(as_object(value.get("metadata")).get("phone_number_id")) or entry, WARNING, STANDBY_WORDS


_TELLERS: dict[str, Callable[[Json, str], Told | None]] = {
    "messages": _errors,
    "account_update": _account_update,
    "account_alerts": _alert,
    "account_review_update": _review,
    "message_template_status_update": template_status,
    "message_template_quality_update": template_quality,
    "template_category_update": template_category,
    "phone_number_quality_update": _number_quality,
    "business_capability_update": _capability,
    "phone_number_name_update": _number_name,
    "security": _security,
    "user_preferences": _preferences,
    "business_username_update": _username,
    "business_username_updates": _username,
    "messaging_handovers": _handover,
    "standby": _standby,
}
