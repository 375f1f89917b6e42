"""The self-test of the connection, over HTTP, with a pretend Meta that answers."""

from typing import Any

import pytest
from pydantic import SecretStr

from config.settings import get_settings
from tests.pretend_meta import wait_until
from tests.running_desk import RunningDesk

SELF_TEST = "/api/support/self-test"


def states(desk: RunningDesk) -> dict[str, str]:
    return {each["name"]: each["state"] for each in desk.data("GET", SELF_TEST)["checks"]}


def run(desk: RunningDesk) -> Any:
    before = desk.data("GET", SELF_TEST)["tested_at"]
    desk.data("POST", SELF_TEST, json={})
    wait_until(lambda: desk.data("GET", SELF_TEST)["tested_at"] != before, "the answer")
    return states(desk)


def test_before_the_first_test_only_the_desks_own_part_is_told(desk: RunningDesk) -> None:
    assert desk.data("GET", SELF_TEST)["tested_at"] is None
    assert states(desk) == {"address": "waiting", "webhook": "waiting", "secret": "waiting"}


def test_what_meta_answers_and_what_a_delivery_proves(desk: RunningDesk) -> None:
    found = run(desk)
    assert (found["token"], found["number"], found["subscription"]) == ("ok", "ok", "ok")
    assert (found["webhook"], found["secret"]) == ("waiting", "waiting")
    desk.meta.write("Hello")
    wait_until(lambda: states(desk)["secret"] == "ok", "the delivery")
    assert states(desk)["webhook"] == "ok"


def test_a_token_that_is_none(desk: RunningDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.meta.simulator.account.access_token = "another"
    monkeypatch.setattr(get_settings(), "whatsapp_access_token", SecretStr("unused"))
    found = run(desk)
    assert (found["token"], found["number"], found["subscription"]) == ("problem", "problem", "problem")
