"""How the business's numbers are doing, as WhatsApp last told."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from config.settings import get_settings
from models.account_event import AccountEvent
from models.desk_setting import DeskSetting
from services import account_event_service

HEALTH = "number_health"
"""The setting in which the worker keeps the answers: `{"numbers": […], "problems": […]}`."""

BLOCKED = "BLOCKED"
"""WhatsApp's word for a number from which nothing can be sent."""


@dataclass(frozen=True)
class NumberHealth:
    """All numbers of the desk, checked or not, and what nobody has seen to. `problems`: WhatsApp's words."""

    numbers: list[dict[str, Any]]
    problems: list[str]
    events: list[AccountEvent]
    stops_delivery: bool


def load(db: Session) -> NumberHealth:
    """How things stand."""
    row = db.get(DeskSetting, HEALTH, populate_existing=True)
    stored: dict[str, Any] = row.value if row else {}
    checked = {each["phone_number_id"]: each for each in stored.get("numbers", [])}
    numbers = [
        checked.get(each, {"phone_number_id": each}) for each in get_settings().whatsapp_phone_number_ids
    ]
    blocked = any(each.get("status") == BLOCKED for each in numbers)
    return NumberHealth(
        numbers=numbers,
        problems=stored.get("problems", []),
        events=account_event_service.current(db),
        stops_delivery=blocked or account_event_service.stops_delivery(db),
    )
