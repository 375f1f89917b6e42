"""Whether the connection to WhatsApp has all that it needs, part by part and in words."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import Settings, get_settings
from models.desk_setting import DeskSetting
from models.inbound_event import InboundEvent
from models.message_template import MessageTemplate
from realtime.events import EventKind, record
from services.message_template_service import APPROVED
from services.self_test_words import number_words, token_words

RESULT = "self_test"
"""The setting in which the answers of the last test are kept."""

LATELY = timedelta(days=7)
WEBHOOK_PATH = "/api/webhook/whatsapp"


class CheckState(StrEnum):
    """WAITING: nothing is wrong, but something has still to happen before it is known."""

    OK = "ok"
    PROBLEM = "problem"
    WAITING = "waiting"


@dataclass(frozen=True)
class Check:
    """One part; `words` say how it stands, `advice` what to do."""

    name: str
    state: CheckState
    words: str
    advice: str = ""


@dataclass
class Trouble:
    """Why a call was not answered as hoped; the code is WhatsApp's."""

    code: int | None
    words: str


@dataclass
class Findings:
    """What WhatsApp answered. `number` and `subscribed` are None where it did not."""

    number: dict[str, str | None] | None = None
    number_error: Trouble | None = None
    subscribed: bool | None = None
    subscribed_error: Trouble | None = None


@dataclass(frozen=True)
class Facts:
    """What the desk knows by itself."""

    last_delivery_at: datetime | None
    approved_templates: int
    settings: Settings = field(default_factory=get_settings)


@dataclass(frozen=True)
class SelfTest:
    """The last test; without one there is no time, and only what the desk knows by itself."""

    tested_at: datetime | None
    checks: list[Check]


def store(db: Session, findings: Findings) -> None:
    """Keep what WhatsApp answered; the desk is told."""
    with transaction(db):
        value = {"at": utc_now().isoformat(), "findings": asdict(findings)}
        db.merge(DeskSetting(name=RESULT, value=value, updated_at=utc_now()))
        record(db, EventKind.ACCOUNT_UPDATED)


def load(db: Session) -> SelfTest:
    """How the connection stands, by the last test and by what has come since."""
    row = db.get(DeskSetting, RESULT, populate_existing=True)
    facts = Facts(
        db.scalar(select(InboundEvent.received_at).order_by(InboundEvent.id.desc()).limit(1)),
        db.scalar(
            select(func.count()).where(MessageTemplate.status == APPROVED, MessageTemplate.gone_at.is_(None))
        )
        or 0,
    )
    now = utc_now()
    if row is None:
        return SelfTest(None, [address(facts), *deliveries(facts, now)])
    findings = _read(row.value["findings"])
    return SelfTest(datetime.fromisoformat(row.value["at"]), judge(findings, facts, now))


def judge(findings: Findings, facts: Facts, now: datetime) -> list[Check]:
    """All parts, in the order in which one sets them up. Pure."""
    return [
        token(findings),
        number(findings),
        address(facts),
        subscription(findings, facts),
        *deliveries(facts, now),
        templates(facts),
    ]


def token(findings: Findings) -> Check:
    """Whether WhatsApp knows us."""
    if findings.number is not None:
        return Check("token", CheckState.OK, "WhatsApp accepts the access token.")
    assert findings.number_error is not None  # a call either answers or fails
    words, advice = token_words(findings.number_error.code, findings.number_error.words)
    if words is None:
        return Check("token", CheckState.OK, "WhatsApp answers, and accepts the access token.")
    return Check("token", CheckState.PROBLEM, words, advice)


def number(findings: Findings) -> Check:
    """Whether the number is ours, verified, live and well named."""
    if findings.number is None:
        return Check(
            "number",
            CheckState.PROBLEM,
            "WhatsApp did not tell anything about the number.",
            "Check WHATSAPP_PHONE_NUMBER_ID: it is the long id below the number in WhatsApp Manager, not the "
            "number itself. The token must be of the same business.",
        )
    words, advice = number_words(findings.number)
    return Check("number", CheckState.PROBLEM if advice else CheckState.OK, words, advice)


def address(facts: Facts) -> Check:
    """Whether Meta can reach the desk at all."""
    url = facts.settings.public_url
    if facts.settings.whatsapp_provider == "simulator":
        return Check(
            "address",
            CheckState.WAITING,
            "The desk talks to the pretend WhatsApp of the practice phone.",
            "To connect your number, put its credentials into .env as the README says, and start again.",
        )
    if not url.startswith("https://"):
        return Check(
            "address",
            CheckState.PROBLEM,
            f"Meta delivers to HTTPS alone, and the desk's address is {url}.",
            "Put a web server with a certificate in front of the desk, and set PUBLIC_URL to its address.",
        )
    return Check("address", CheckState.OK, f"Meta is to deliver to {url}{WEBHOOK_PATH}.")


def subscription(findings: Findings, facts: Facts) -> Check:
    """Whether the account's messages are sent to our app."""
    if not facts.settings.whatsapp_business_account_id:
        return Check(
            "subscription",
            CheckState.PROBLEM,
            "The desk does not know the WhatsApp business account.",
            "Set WHATSAPP_BUSINESS_ACCOUNT_ID; its id is in WhatsApp Manager under the account's settings.",
        )
    if findings.subscribed:
        return Check("subscription", CheckState.OK, "An app is subscribed to the business account.")
    return Check(
        "subscription",
        CheckState.PROBLEM,
        "No app is subscribed to the business account, so Meta delivers nothing."
        if findings.subscribed is not None
        else "WhatsApp did not tell which apps are subscribed to the business account.",
        "At Meta, open your app, then WhatsApp, Configuration, and subscribe to the field “messages”.",
    )


def deliveries(facts: Facts, now: datetime) -> list[Check]:
    """Whether Meta reaches us. What is stored was signed with the app secret: others are turned away."""
    last = facts.last_delivery_at
    callback = f"{facts.settings.public_url}{WEBHOOK_PATH}"
    if last is None:
        advice = (
            f"At Meta, enter the callback {callback} and your WHATSAPP_VERIFY_TOKEN, then write to the "
            "number from your own phone. If it does not arrive within a minute, compare WHATSAPP_APP_SECRET "
            "with the app's secret at Meta: what is not signed with it is turned away."
        )
        return [
            Check("webhook", CheckState.WAITING, "Nothing has been delivered yet.", advice),
            Check("secret", CheckState.WAITING, "The app secret is proven by the first delivery."),
        ]
    words = f"Meta delivered last at {last:%Y-%m-%d %H:%M} UTC."
    secret = Check("secret", CheckState.OK, "A delivery came that was signed with the app secret.")
    if now - last > LATELY:
        advice = "If customers wrote since, look at Meta whether the app's webhook is switched off."
        return [Check("webhook", CheckState.WAITING, words, advice), secret]
    return [Check("webhook", CheckState.OK, words), secret]


def templates(facts: Facts) -> Check:
    """Whether customers can be written to after the window."""
    count = facts.approved_templates
    if count == 0:
        return Check(
            "templates",
            CheckState.WAITING,
            "There is no approved template.",
            "After 24 hours without a message of the customer WhatsApp takes only templates. Make one in "
            "WhatsApp Manager; the settings page fetches it.",
        )
    return Check("templates", CheckState.OK, f"{count} approved templates are here." if count > 1 else
                 "One approved template is here.")  # fmt: skip


def _read(stored: dict[str, Any]) -> Findings:
    errors = {
        name: Trouble(**stored[name]) if stored[name] else None
        for name in ("number_error", "subscribed_error")
    }
    return Findings(
        stored["number"], errors["number_error"], stored["subscribed"], errors["subscribed_error"]
    )
