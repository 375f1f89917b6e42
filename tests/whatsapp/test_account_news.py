"""What WhatsApp tells about the account, in words that say what happened."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings

from tests.webhooks import body_of
from tests.whatsapp.examples import example
from tests.whatsapp.mutations import mutated_bodies
from whatsapp.account_news import News, news_of
from whatsapp.payloads import NOTED_FIELDS, items
from whatsapp.values import clean_text

RECEIVED = datetime(2026, 11, 23, 12, tzinfo=UTC)


def told(body: bytes) -> News:
    [found] = items(body)
    return news_of(json.loads(found.payload), RECEIVED)


TABLE = {
    "30": ("warning", "WhatsApp takes no more messages from this business for the moment."),
    "58": ("info", "A talk was passed on from ai agent to escalation."),
    "59": ("warning", "A partner lost access to the WhatsApp account. Check that messages come in."),
    "60": (
        "critical",
        (
            "WhatsApp has restricted the account until 21 November 2026 11:06 UTC: "
            "no messages to customers who did not write first."
        ),
    ),
    "61": ("warning", "WhatsApp says that the account broke its rules. Reason: scam."),
    "62": (
        "warning",
        "WhatsApp will disable the account on November 28, 2026. Appeal in WhatsApp Manager before that.",
    ),
    "63": ("warning", "Limits cannot be increased for your business."),
    "64": ("info", "The template parcel_delay_v2 (en_US) is approved and can be sent."),
    "65": (
        "warning",
        (
            "The template promo_winter (de) is rejected. Parameters placed next to each other. "
            "Separate parameters with text."
        ),
    ),
    "66": (
        "warning",
        (
            "The template parcel_delay_v2 (en_US) has the quality yellow, after green. "
            "Customers block or report it; WhatsApp may pause it."
        ),
    ),
    "67": (
        "warning",
        "The template parcel_delay_v2 (en_US) will become marketing and may cost more; it is utility now.",
    ),
    "68": (
        "info",
        "The number 493055510042 can send more messages a second. Limit: any number of new customers a day.",
    ),
    "69": ("info", "WhatsApp now allows the account messages to 2,000 new customers a day."),
    "70": ("info", "Mira Okafor no longer wants marketing messages."),
    "71": ("info", "The user name nordlicht.help of the business is approved."),
    "72": (
        "warning",
        (
            "The number 493055510042 is to lose its PIN: somebody asked for it. "
            "If none of you did, secure the account."
        ),
    ),
}


@pytest.mark.parametrize(("number", "expected"), TABLE.items())
def test_an_example_says(number: str, expected: tuple[str, str]) -> None:
    news = told(example(number))
    assert (news.severity, news.summary) == expected
    assert news.occurred_at < RECEIVED or number == "30"


@pytest.mark.parametrize(
    ("field", "value", "severity", "words"),
    [
        ("account_update", {"event": "ACCOUNT_RESTRICTION"}, "critical", "has restricted the account."),
        (
            "account_update",
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [{"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"}],
            },
            "warning",
            "no further phone numbers",
        ),
        (
            "account_update",
            {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}},
            "critical",
            "has disabled the account.",
        ),
        (
            "account_update",
            {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}},
            "info",
            "given the account back",
        ),
        ("account_update", {"event": "ACCOUNT_DELETED"}, "critical", "was deleted"),
        ("account_update", {"event": "MM_LITE_TERMS_SIGNED"}, "info", "mm lite terms signed"),
        ("account_review_update", {"decision": "REJECTED"}, "critical", "rejected"),
        (
            "account_alerts",
            {"alert_info": {"alert_severity": "CRITICAL", "alert_description": "Stop."}},
            "critical",
            "Stop.",
        ),
        (
            "account_alerts",
            {
                "alert_info": {
                    "alert_severity": "CRITICAL",
                    "alert_status": "RESOLVED",
                    "alert_description": "Stop.",
                }
            },
            "info",
            "This is over: Stop.",
        ),
        (
            "message_template_status_update",
            {"event": "PAUSED", "message_template_name": "a", "reason": None},
            "warning",
            "The template a is paused",
        ),
        (
            "message_template_status_update",
            {"new_quality_score": "RED", "message_template_name": "a"},
            "warning",
            "has the quality red.",
        ),
        (
            "template_category_update",
            {"previous_category": "UTILITY", "new_category": "MARKETING", "message_template_id": 7},
            "warning",
            "The template 7 is marketing now, after utility.",
        ),
        (
            "phone_number_quality_update",
            {"event": "FLAGGED", "display_phone_number": "1"},
            "warning",
            "low quality",
        ),
        (
            "phone_number_name_update",
            {"decision": "REJECTED", "requested_verified_name": "Barter", "display_phone_number": "1"},
            "warning",
            "The name Barter of the number 1: rejected.",
        ),
        (
            "business_capability_update",
            {"max_daily_conversations_per_business": "TIER_10K"},
            "info",
            "10,000 new customers",
        ),
        (
            "user_preferences",
            {"user_preferences": [{"value": "resume"}]},
            "info",
            "A customer wants marketing messages again.",
        ),
        (
            "business_username_update",
            {"status": "deleted"},
            "info",
            "The user name of the business is deleted.",
        ),
        (
            "messaging_handovers",
            {"type": "control_taken", "control_taken": {"new_owner_role": "customer_service"}},
            "info",
            "A talk was taken over to customer service.",
        ),
        ("standby", {}, "warning", "Another program"),
        ("messages", {"errors": [{"code": 131042}]}, "critical", "payment method"),
        ("messages", {"errors": [{"code": "odd"}]}, "warning", "WhatsApp refused the message"),
        (
            "flows",
            {"event": "FLOW_STATUS_CHANGE", "message": "Flow Webhook 1 changed status"},
            "info",
            "Flow Webhook 1 changed status.",
        ),
    ],
    ids=str,
)
def test_other_news(field: str, value: dict[str, Any], severity: str, words: str) -> None:
    news = told(body_of(value, field=field))
    assert news.severity == severity
    assert words in news.summary


def test_news_of_one_subject_have_one_subject_and_others_another() -> None:
    def subject(event: str) -> str:
        return told(body_of({"event": event}, field="account_update")).subject

    assert subject("ACCOUNT_OFFBOARDED") == subject("ACCOUNT_RECONNECTED") != subject("ACCOUNT_RESTRICTION")


@settings(max_examples=300, deadline=None)
@given(mutated_bodies())
def test_whatever_is_told_is_news_that_can_be_stored(body: bytes) -> None:
    for found in items(body):
        if found.kind in NOTED_FIELDS:
            news = news_of(json.loads(found.payload), RECEIVED)
            assert news.summary
            assert len(news.subject) <= 255
            assert len(news.field) <= 60
            assert clean_text(news.summary) == news.summary
            assert clean_text(news.subject) == news.subject


def test_endless_news_are_cut() -> None:
    """MariaDB would refuse them, and nobody would hear of the restriction."""
    kinds = [{"restriction_type": f"KIND_{number}" * 10} for number in range(3000)]
    value = {"event": "ACCOUNT_RESTRICTION", "restriction_info": kinds}
    [item] = items(body_of(value, field="account_update"))
    assert len(news_of(json.loads(item.payload), datetime(2026, 11, 23, tzinfo=UTC)).summary) == 10_000
