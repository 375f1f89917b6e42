"""The health card and the costs, over HTTP."""

import pytest

from config.settings import get_settings
from tests.pretend_meta import wait_until
from tests.running_desk import RunningDesk
from tests.webhooks import body_of

HEALTH = "/api/support/number-health"
COSTS = "/api/support/costs"


def test_a_number_that_was_not_asked_yet_is_shown_without_news(desk: RunningDesk) -> None:
    found = desk.data("GET", HEALTH)
    assert [each["phone_number_id"] for each in found["numbers"]] == list(
        get_settings().whatsapp_phone_number_ids
    )
    assert (found["events"], found["stops_delivery"]) == ([], False)


def test_what_stops_messages_is_shown_until_it_is_dismissed(desk: RunningDesk) -> None:
    body = body_of({"event": "ACCOUNT_RESTRICTION"}, field="account_update")
    assert desk.deliver(body).status_code == 200
    wait_until(lambda: desk.data("GET", HEALTH)["events"] != [], "the event")
    found = desk.data("GET", HEALTH)
    [event] = found["events"]
    assert found["stops_delivery"] is True
    assert set(event) == {"id", "field", "subject", "severity", "summary", "occurred_at"}
    assert (event["severity"], event["occurred_at"][-1]) == ("critical", "Z")
    desk.data("POST", f"{HEALTH}/events/{event['id']}/dismiss", json={})
    assert desk.data("GET", HEALTH)["stops_delivery"] is False
    answer = desk.api.post(f"{HEALTH}/events/{event['id'] + 1}/dismiss", json={})
    assert (answer.status_code, answer.json()["code"]) == (404, "account_event_not_found")


def test_costs_of_a_month(desk: RunningDesk) -> None:
    found = desk.data("GET", f"{COSTS}?month=2026-11")
    assert found == {"currency": "NGN", "month": "2026-11", "total": 0.0, "lines": []}
    assert len(desk.data("GET", COSTS)["month"]) == 7


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026", "1999-01", "november", "2026-11-01", ""])
def test_a_month_that_is_none_is_malformed(desk: RunningDesk, month: str) -> None:
    assert desk.api.get(COSTS, params={"month": month}).status_code == 400
