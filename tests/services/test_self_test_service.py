"""What the self-test says of every answer that Meta may give."""

from dataclasses import replace
from datetime import timedelta

import pytest

from config.database import utc_now
from config.settings import get_settings
from services.self_test_service import Check, CheckState, Facts, Findings, Trouble, judge

NOW = utc_now()
NUMBER: dict[str, str | None] = {
    "display_phone_number": "+234 700 555 0100",
    "verified_name": "Trade by Barter",
    "quality_rating": "GREEN",
    "name_status": "APPROVED",
    "verification": "VERIFIED",
    "mode": "LIVE",
}
GOOD = Findings(number=dict(NUMBER), subscribed=True)


def facts(**fields: object) -> Facts:
    settings = get_settings().model_copy(
        update={"whatsapp_provider": "cloud", "public_url": "https://desk.example.com"} | fields
    )
    return Facts(NOW - timedelta(minutes=3), 2, settings)


def found(name: str, findings: Findings = GOOD, known: Facts | None = None) -> Check:
    [check] = [each for each in judge(findings, known or facts(), NOW) if each.name == name]
    return check


def test_all_is_well() -> None:
    checks = judge(GOOD, facts(), NOW)
    assert [each.name for each in checks] == [
        "token", "number", "address", "subscription", "webhook", "secret", "templates",
    ]  # fmt: skip
    assert {each.state for each in checks} == {CheckState.OK}
    assert {each.advice for each in checks} == {""}


@pytest.mark.parametrize(
    ("code", "advice"),
    [(190, "WHATSAPP_ACCESS_TOKEN"), (10, "permissions"), (200, "permissions"), (None, "internet")],
)
def test_what_is_wrong_with_the_token(code: int | None, advice: str) -> None:
    findings = Findings(number_error=Trouble(code, "ClientConnectorError"), subscribed=True)
    check = found("token", findings)
    assert (check.state, found("number", findings).state) == (CheckState.PROBLEM, CheckState.PROBLEM)
    assert advice in check.advice


def test_a_number_that_is_none_of_ours() -> None:
    findings = Findings(number_error=Trouble(100, "Unsupported get request"), subscribed=True)
    assert found("token", findings).state is CheckState.OK
    assert "WHATSAPP_PHONE_NUMBER_ID" in found("number", findings).advice


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("verification", "NOT_VERIFIED", "proven"),
        ("mode", "SANDBOX", "test number"),
        ("name_status", "DECLINED", "declined"),
        ("quality_rating", "RED", "quality is low"),
    ],
)
def test_what_is_wrong_with_the_number(field: str, value: str, words: str) -> None:
    check = found("number", replace(GOOD, number=NUMBER | {field: value}))
    assert (check.state, words in check.words, check.advice != "") == (CheckState.PROBLEM, True, True)


def test_what_is_wrong_with_the_way_in() -> None:
    assert "HTTPS" in found("address", known=facts(public_url="http://localhost:8000")).words
    assert found("address", known=facts(whatsapp_provider="simulator")).state is CheckState.WAITING
    assert found("subscription", replace(GOOD, subscribed=False)).state is CheckState.PROBLEM
    unknown = replace(GOOD, subscribed=None, subscribed_error=Trouble(10, "no"))
    assert found("subscription", unknown).state is CheckState.PROBLEM
    account = found("subscription", known=facts(whatsapp_business_account_id=""))
    assert "WHATSAPP_BUSINESS_ACCOUNT_ID" in account.advice


def test_what_has_not_come_yet() -> None:
    silent = replace(facts(), last_delivery_at=None, approved_templates=0)
    states = [found(name, known=silent).state for name in ("webhook", "secret", "templates")]
    assert states == [CheckState.WAITING] * 3
    assert "https://desk.example.com/api/webhook/whatsapp" in found("webhook", known=silent).advice
    long_ago = replace(facts(), last_delivery_at=NOW - timedelta(days=8))
    assert (found("webhook", known=long_ago).state, found("secret", known=long_ago).state) == (
        CheckState.WAITING,
        CheckState.OK,
    )
