"""The short way of signed deliveries: it differs from the long way in nothing that a sender can see."""

from collections.abc import Iterator

import httpx2
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from api.shared_commit import InboxUnavailable, SharedCommit
from api.webhook_door import WebhookDoor
from tests.pretend_meta import APP_SECRET
from tests.running_desk import WEBHOOK, RunningDesk, count_events, text_message, webhook
from whatsapp.signature import sign

BODY = webhook(text_message("Hello", wamid="wamid.door"))
OWN = {"date", "x-request-id"}


def seen(response: httpx2.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {name: value for name, value in response.headers.items() if name not in OWN}
    assert len(response.headers["x-request-id"]) == 36
    return response.status_code, headers, response.content


def the_long_way(desk: RunningDesk, body: bytes) -> httpx2.Response:
    """Without an announced length, which Meta always gives."""

    def pieces() -> Iterator[bytes]:
        yield from (body[:10], body[10:])

    response = desk.stranger.post(
        WEBHOOK,
        content=pieces(),
        headers={"Content-Type": "application/json", "X-Hub-Signature-256": sign(body, APP_SECRET)},
    )
    assert "content-length" not in response.request.headers
    return response


@pytest.fixture
def passed_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of what went the long way."""
    paths: list[str] = []
    door = WebhookDoor.__init__

    def watched(self: WebhookDoor, app: ASGIApp, headers: dict[str, str]) -> None:
        async def passing(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["method"] == "POST":
                paths.append(scope["path"])
            await app(scope, receive, send)

        door(self, passing, headers)

    monkeypatch.setattr(WebhookDoor, "__init__", watched)
    return paths


def test_both_ways_store_and_answer_alike(passed_on: list[str], desk: RunningDesk) -> None:
    short = seen(desk.deliver(BODY))
    assert (passed_on, count_events()) == ([], 1)
    other = webhook(text_message("Hello", wamid="wamid.long"))
    assert seen(the_long_way(desk, other)) == short
    assert (passed_on, count_events()) == ([WEBHOOK], 2)


def test_what_is_not_signed_goes_the_long_way_whole(passed_on: list[str], desk: RunningDesk) -> None:
    refused = desk.stranger.post(WEBHOOK, content=BODY, headers={"X-Hub-Signature-256": "sha256=00"})
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_signature")
    assert (passed_on, count_events()) == ([WEBHOOK], 0)


def test_a_refusal_for_want_of_room_is_the_same_either_way(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_self: SharedCommit, _body: bytes) -> None:
        raise InboxUnavailable

    monkeypatch.setattr(SharedCommit, "store", refuse)
    short = seen(desk.deliver(BODY))
    assert (short[0], short[1]["retry-after"]) == (503, "5")
    assert seen(the_long_way(desk, BODY)) == short
