from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from config.database import SessionLocal
from models import DeskSetting
from services.desk_setting_service import (
    DeskSettings,
    Rate,
    SettingsChange,
    WrongSetting,
    change,
    load,
)
from tests.desk import count, events

RATES = (Rate("utility", "regular", Decimal("10.55")), Rate("marketing", "regular", Decimal("0.000001")))


def stored() -> DeskSettings:
    with SessionLocal() as other:
        return load(other)


def test_what_nobody_changed_has_its_default(db: Session) -> None:
    assert load(db) == DeskSettings(read_marks=True, merge_lines=False, currency="NGN", rates=())


def test_a_change_stays_and_the_desk_is_told(db: Session) -> None:
    assert change(db, SettingsChange(merge_lines=True)).merge_lines
    assert change(db, SettingsChange(read_marks=False, currency="EUR", rates=RATES)) == stored()
    assert stored() == DeskSettings(False, True, "EUR", RATES)
    change(db, SettingsChange(rates=[]))
    assert stored().rates == ()
    assert events(db) == [("account.updated", None, None)] * 3


def test_a_change_of_nothing_tells_nobody(db: Session) -> None:
    change(db, SettingsChange())
    assert (events(db), count(DeskSetting)) == ([], 0)


def rate(text: str, category: str = "utility", kind: str = "regular") -> SettingsChange:
    return SettingsChange(read_marks=False, rates=[Rate(category, kind, Decimal(text))])


@pytest.mark.parametrize(
    "wanted",
    [
        SettingsChange(read_marks=False, currency="ngn"),
        SettingsChange(read_marks=False, currency=""),
        SettingsChange(read_marks=False, currency="NAIRA"),
        SettingsChange(read_marks=False, currency="₦GN"),
        rate("-0.01"),
        rate("1000001"),
        rate("0.0000001"),
        rate("NaN"),
        rate("Infinity"),
        rate("1E+400"),
        rate("1", category=""),
        rate("1", category="Utility"),
        rate("1", kind="x" * 41),
        rate("1", kind="a b"),
        SettingsChange(read_marks=False, rates=[RATES[0], RATES[0]]),
        SettingsChange(read_marks=False, rates=[Rate(f"a{n}", "b", Decimal(1)) for n in range(201)]),
    ],
)
def test_what_is_malformed_changes_nothing(db: Session, wanted: SettingsChange) -> None:
    with pytest.raises(WrongSetting, match=r"\.$"):
        change(db, wanted)
    assert stored() == DeskSettings()


@pytest.mark.parametrize("text", ["0", "1000000", "0.000001", "1E+2", "0.10"])
def test_a_price_is_kept_exactly(db: Session, text: str) -> None:
    change(db, rate(text))
    assert stored().rates[0].rate == Decimal(text)
