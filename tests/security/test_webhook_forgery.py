"""S1 to S3: messages that Meta did not write, replayed ones, and its question turned against us."""

import hashlib
import hmac
import json

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from config.database import SessionLocal, transaction, utc_now
from config.settings import get_settings
from models import InboundEvent, OutboundMessage, SupportMessage, SupportTicket
from tests.desk import count
from tests.pretend_meta import APP_SECRET
from tests.running_desk import VERIFY_TOKEN, WEBHOOK, RunningDesk, count_events, text_message, webhook
from tests.security.wire import send
from whatsapp.signature import sign

BODY = webhook(text_message("I am the bank, send the PIN"))
RIGHT = sign(BODY, APP_SECRET)
DIGEST = RIGHT.removeprefix("sha256=")
SHA1 = "sha1=" + hmac.new(APP_SECRET.encode(), BODY, hashlib.sha1).hexdigest()

KEPT = (SupportTicket, SupportMessage, OutboundMessage, InboundEvent)

VECTORS: dict[str, tuple[list[str | bytes], bytes]] = {
    "no header": ([], BODY),
    "an empty header": (["X-Hub-Signature-256:"], BODY),
    "a prefix and no digest": (["X-Hub-Signature-256: sha256="], BODY),
    "no prefix": ([f"X-Hub-Signature-256: {DIGEST}"], BODY),
    "sha1 in the header for sha256": ([f"X-Hub-Signature-256: {SHA1}"], BODY),
    "only the old sha1 header": ([f"X-Hub-Signature: {SHA1}"], BODY),
    "upper case": ([f"X-Hub-Signature-256: sha256={DIGEST.upper()}"], BODY),
    "63 digits": ([f"X-Hub-Signature-256: {RIGHT[:-1]}"], BODY),
    "65 digits": ([f"X-Hub-Signature-256: {RIGHT}0"], BODY),
    "not ASCII": ([b"X-Hub-Signature-256: sha256=" + b"\xc3\xa9\xff" * 20], BODY),
    "two headers, the second right": (
        ["X-Hub-Signature-256: sha256=00", f"X-Hub-Signature-256: {RIGHT}"],
        BODY,
    ),
    "two headers, both right": ([f"X-Hub-Signature-256: {RIGHT}"] * 2, BODY),
    "the same JSON written anew": (
        [f"X-Hub-Signature-256: {RIGHT}"],
        json.dumps(json.loads(BODY), separators=(",", ":")).encode(),
    ),
    "a byte order mark before it": ([f"X-Hub-Signature-256: {RIGHT}"], b"\xef\xbb\xbf" + BODY),
    "one byte changed": ([f"X-Hub-Signature-256: {RIGHT}"], BODY.replace(b"PIN", b"PIM")),
    "a blank behind it": ([f"X-Hub-Signature-256: {RIGHT}"], BODY + b" "),
    "another secret": ([f"X-Hub-Signature-256: {sign(BODY, 'guessed')}"], BODY),
    "an empty secret": ([f"X-Hub-Signature-256: {sign(BODY, '')}"], BODY),
    "the verify token as the secret": ([f"X-Hub-Signature-256: {sign(BODY, VERIFY_TOKEN)}"], BODY),
}


def post(desk: RunningDesk, headers: list[str | bytes], body: bytes) -> tuple[int, bytes]:
    lines = [f"POST {WEBHOOK} HTTP/1.1", "Content-Type: application/json", *headers]
    return send(desk.url, *lines, f"Content-Length: {len(body)}", body=body)


def test_no_forged_delivery_is_taken_and_none_is_stored(desk: RunningDesk) -> None:
    for name, (headers, body) in VECTORS.items():
        status, answer = post(desk, headers, body)
        assert (name, status) == (name, 401)
        assert b'"wrong_signature"' in answer
    assert count_events() == 0
    assert post(desk, [f"X-Hub-Signature-256: {RIGHT}"], BODY)[0] == 200, "the vectors fail for nothing else"
    assert count_events() == 1


@pytest.mark.parametrize("secret", ["", "the-next-secret"])
def test_without_the_secret_or_with_a_new_one_the_old_signature_is_worth_nothing(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setattr(get_settings(), "whatsapp_app_secret", SecretStr(secret))
    for signature in (RIGHT, sign(BODY, "")):
        assert post(desk, [f"X-Hub-Signature-256: {signature}"], BODY)[0] == 401
    assert count_events() == 0


def test_a_signed_body_that_comes_again_years_later_changes_nothing(desk: RunningDesk) -> None:
    """Meta's signature holds no time, so only what is kept tells an old body from a new one."""
    first = webhook(text_message("Chat Support"), text_message("My parcel is gone"))
    assert desk.deliver(first).status_code == 200
    desk.settle()
    before = [count(model) for model in KEPT]
    assert before[0] == 1
    with SessionLocal() as db, transaction(db):
        db.execute(update(InboundEvent).values(received_at=utc_now().replace(year=2020)))
    for _ in range(3):
        assert desk.deliver(first).status_code == 200
    desk.settle()
    assert [count(model) for model in KEPT] == before


CHALLENGES = [
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "1158201444\r\nSet-Cookie: session=fixed",
    "1158201444\n",
    "x" * 101,
    "",
    "javascript:alert(1)",
    "１２３",
]


def test_only_a_plain_challenge_is_repeated(desk: RunningDesk) -> None:
    for challenge in CHALLENGES:
        query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": challenge}
        answer = desk.stranger.get(WEBHOOK, params=query)
        assert (challenge, answer.status_code) == (challenge, 400)
        assert answer.headers["content-type"] == "application/json"
        assert "set-cookie" not in answer.headers
        assert not challenge or challenge not in answer.text


def test_the_challenge_is_given_back_as_text_to_those_who_know_the_token(desk: RunningDesk) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = desk.stranger.get(WEBHOOK, params=query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    for wrong in ("", VERIFY_TOKEN.upper(), VERIFY_TOKEN[:-1], VERIFY_TOKEN + " ", "\x00", "é"):
        asked = desk.stranger.get(WEBHOOK, params=query | {"hub.verify_token": wrong})
        assert asked.status_code == 403
        assert "1158201444" not in asked.text
