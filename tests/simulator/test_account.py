"""The number's state, what Meta does to an account, and time."""

import time
from typing import Any

import pytest

from tests.pretend_meta import ACCESS_TOKEN, PHONE_NUMBER_ID, PretendMeta, wait_until

BUSINESS_ACCOUNT_ID = "200000000000001"
TO_AMARA = {"messaging_product": "whatsapp", "to": "+2348035550142"}
TEXT = TO_AMARA | {"type": "text", "text": {"body": "Good morning"}}
HELLO = {"name": "hello_world", "language": {"code": "en_US"}}
TEMPLATE = TO_AMARA | {"type": "template", "template": HELLO}


def asked(meta: PretendMeta, object_id: str, fields: str | None = None) -> dict[str, Any]:
    answer = meta.client.get(
        f"/graph/v25.0/{object_id}",
        params={"fields": fields} if fields else {},
        headers={"Authorization": f"Bearer {ACCESS_TOKEN}"},
    )
    return dict(answer.json())


def code_of(meta: PretendMeta, body: dict[str, Any]) -> int | None:
    error = meta.send(body).json().get("error")
    return error and int(error["code"])


def test_the_number(pretend_meta: PretendMeta) -> None:
    fields = "quality_rating,throughput,whatsapp_business_manager_messaging_limit,account_mode"
    assert asked(pretend_meta, PHONE_NUMBER_ID, fields) == {
        "quality_rating": "GREEN",
        "throughput": {"level": "STANDARD"},
        "whatsapp_business_manager_messaging_limit": "TIER_250",
        "account_mode": "LIVE",
        "id": PHONE_NUMBER_ID,
    }
    assert asked(pretend_meta, PHONE_NUMBER_ID)["display_phone_number"] == "+234 700 555 0100"
    assert asked(pretend_meta, PHONE_NUMBER_ID, "colour")["error"]["code"] == 100
    assert asked(pretend_meta, "42")["error"]["error_subcode"] == 33


@pytest.mark.parametrize(
    ("event", "field", "expected"),
    [
        ("restriction", "account_update", {"event": "ACCOUNT_RESTRICTION"}),
        ("disabled", "account_update", {"ban_info": {"waba_ban_state": "DISABLE"}}),
        ("reinstated", "account_update", {"ban_info": {"waba_ban_state": "REINSTATE"}}),
        ("quality_yellow", "phone_number_quality_update", {"event": "FLAGGED"}),
        ("quality_red", "phone_number_quality_update", {"event": "FLAGGED"}),
        ("quality_green", "phone_number_quality_update", {"event": "UNFLAGGED"}),
        ("alert", "account_alerts", {"entity_type": "BUSINESS"}),
        ("limit", "business_capability_update", {"max_daily_conversations_per_business": 2000}),
        ("pin_reset", "security", {"event": "PIN_RESET_REQUEST"}),
    ],
)
def test_account_events_are_told(
    pretend_meta: PretendMeta, event: str, field: str, expected: dict[str, Any]
) -> None:
    pretend_meta.post("/account/events", {"event": event})
    wait_until(lambda: pretend_meta.events(field), "the event")
    (value,) = pretend_meta.events(field)
    assert value | expected == value
    assert "metadata" not in value
    assert pretend_meta.received[0].entry["id"] == BUSINESS_ACCOUNT_ID
    assert abs(pretend_meta.received[0].entry["time"] - time.time()) < 60


def test_sanctions_hold_until_they_are_lifted(pretend_meta: PretendMeta) -> None:
    pretend_meta.post("/account/events", {"event": "restriction"})
    assert code_of(pretend_meta, TEMPLATE) == 368
    pretend_meta.write("Hello")
    assert code_of(pretend_meta, TEXT) is None, "who wrote is answered"
    health = asked(pretend_meta, BUSINESS_ACCOUNT_ID, "health_status")["health_status"]
    assert health["can_send_message"] == "LIMITED"
    pretend_meta.post("/account/events", {"event": "disabled"})
    assert code_of(pretend_meta, TEXT) == 131031
    health = asked(pretend_meta, BUSINESS_ACCOUNT_ID, "health_status")["health_status"]
    assert health["can_send_message"] == "BLOCKED"
    pretend_meta.post("/account/events", {"event": "reinstated"})
    assert code_of(pretend_meta, TEXT) is None
    health = asked(pretend_meta, BUSINESS_ACCOUNT_ID, "health_status")["health_status"]
    assert health["can_send_message"] == "AVAILABLE"


def test_quality_and_limit_are_seen_at_the_number(pretend_meta: PretendMeta) -> None:
    for event in ("quality_red", "limit"):
        pretend_meta.post("/account/events", {"event": event})
    seen = asked(pretend_meta, PHONE_NUMBER_ID, "quality_rating,whatsapp_business_manager_messaging_limit")
    assert (seen["quality_rating"], seen["whatsapp_business_manager_messaging_limit"]) == ("RED", "TIER_2K")


def test_the_window_closes_when_time_is_moved(pretend_meta: PretendMeta) -> None:
    pretend_meta.write("Hello")
    assert pretend_meta.post("/customers/1/clock", {"hours_behind": 23})["hours_behind"] == 23
    assert code_of(pretend_meta, TEXT) is None
    pretend_meta.post("/customers/1/clock", {"hours_behind": 25})
    assert code_of(pretend_meta, TEXT) == 131047
    late = pretend_meta.write("Written yesterday")
    assert code_of(pretend_meta, TEXT) == 131047
    wait_until(lambda: len(pretend_meta.incoming()) == 2, "both messages")
    assert pretend_meta.incoming()[1]["timestamp"] == str(late["at"])
    assert abs(time.time() - 25 * 3600 - late["at"]) < 60
    pretend_meta.post("/customers/1/clock", {"hours_behind": 0})
    assert code_of(pretend_meta, TEXT) == 131047, "moving the clock back is no message"
    pretend_meta.write("Written now")
    assert code_of(pretend_meta, TEXT) is None


def test_a_colleague_answers_from_the_phone_app(pretend_meta: PretendMeta) -> None:
    pretend_meta.post("/customers/1/clock", {"hours_behind": 25})
    message = pretend_meta.post("/customers/1/echo", {"text": "It is on its way"})
    wait_until(lambda: pretend_meta.events("smb_message_echoes"), "the echo")
    (value,) = pretend_meta.events("smb_message_echoes")
    (echo,) = value["message_echoes"]
    assert (echo["id"], echo["to"], echo["from"]) == (message["id"], "2348035550142", "2347005550100")
    assert echo["text"] == {"body": "It is on its way"}
    assert value["metadata"]["phone_number_id"] == PHONE_NUMBER_ID
    assert pretend_meta.messages()[-1]["author"] == "business"
    assert code_of(pretend_meta, TEXT) == 131047, "an echo opens no window"
