"""The settings that the people at the desk change by themselves."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.desk_event import EventSequence
from models.desk_setting import DeskSetting
from realtime.events import EventKind, record
from services.errors import DeskError

MOST_RATES = 200
HIGHEST_RATE = Decimal(1_000_000)
RATE_DIGITS = 6

_WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class WrongSetting(DeskError):
    """The value is none that this setting can have."""

    code = "wrong_setting"


@dataclass(frozen=True)
class Rate:
    """What one delivered message costs; `category` and `type` are Meta's words in a status's pricing."""

    category: str
    type: str
    rate: Decimal


@dataclass(frozen=True)
class DeskSettings:
    """`read_marks` also turns the typing indicator on and off. `currency` is an ISO 4217 code."""

    read_marks: bool = True
    merge_lines: bool = False
    currency: str = "NGN"
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True)
class SettingsChange:
    """None leaves a setting as it is."""

    read_marks: bool | None = None
    merge_lines: bool | None = None
    currency: str | None = None
    rates: Sequence[Rate] | None = None


NAMES = tuple(DeskSettings.__dataclass_fields__)

_STORED = select(DeskSetting.name, DeskSetting.value).where(DeskSetting.name.in_(NAMES))


def load(db: Session) -> DeskSettings:
    """The settings as they stand; what nobody changed has its default."""
    stored: dict[str, Any] = {row.name: row.value for row in db.connection().execute(_STORED)}
    if "rates" in stored:
        stored["rates"] = tuple(
            Rate(each["category"], each["type"], Decimal(each["rate"])) for each in stored["rates"]
        )
    return replace(DeskSettings(), **stored)


def change(db: Session, wanted: SettingsChange) -> DeskSettings:
    """Change some of them and tell the desk. Raises WrongSetting, and then none is changed."""
    values: dict[str, Any] = {
        name: getattr(wanted, name) for name in NAMES if getattr(wanted, name) is not None
    }
    if wanted.currency is not None and not _CURRENCY.fullmatch(wanted.currency):
        raise WrongSetting("The currency must be a code of three capital letters such as NGN.")
    if wanted.rates is not None:
        values["rates"] = [_stored(rate) for rate in _checked(wanted.rates)]
    with transaction(db):
        if values:
            # one at a time: of two that find no row yet, the second would be refused
            db.execute(select(EventSequence.last_seq).with_for_update())
            record(db, EventKind.ACCOUNT_UPDATED)
        for name, value in values.items():
            db.merge(DeskSetting(name=name, value=value, updated_at=utc_now()))
        db.flush()
    return load(db)


def _checked(rates: Sequence[Rate]) -> Iterable[Rate]:
    if len(rates) > MOST_RATES:
        raise WrongSetting(f"There are {len(rates)} rates; {MOST_RATES} are possible at most.")
    if len({(rate.category, rate.type) for rate in rates}) < len(rates):
        raise WrongSetting("Two rates are for the same category and type; keep one of them.")
    for rate in rates:
        if not (_WORD.fullmatch(rate.category) and _WORD.fullmatch(rate.type)):
            raise WrongSetting(
                "A rate's category and type are Meta's words, such as utility and regular, "
                "in small letters, digits, underscores and hyphens."
            )
        if not _is_price(rate.rate):
            raise WrongSetting(
                f"A rate must be between 0 and {HIGHEST_RATE:,}, with at most {RATE_DIGITS} decimal places."
            )
    return rates


def _is_price(rate: Decimal) -> bool:
    try:
        return 0 <= rate <= HIGHEST_RATE and rate == round(rate, RATE_DIGITS)
    except InvalidOperation:  # not a number
        return False


def _stored(rate: Rate) -> dict[str, str]:
    # as text: JSON's numbers are binary fractions in one database and not in the other
    return {"category": rate.category, "type": rate.type, "rate": f"{rate.rate:f}"}
