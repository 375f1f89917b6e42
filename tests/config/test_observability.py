"""What the logs say, and what they must not."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import sqlalchemy as sa
import structlog
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError

from config import observability
from config.database import SessionLocal, transaction
from models.admin import Admin

SECRET = "canary-4711"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(params=[StringIO, Terminal])
def stream(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    root = logging.getLogger()
    before = root.handlers, root.level
    made: StringIO = request.param()
    observability.configure(made)
    yield made
    root.handlers, root.level = before
    structlog.contextvars.clear_contextvars()


def test_a_line_is_json_with_the_request_id(stream: StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="request-1")
    structlog.stdlib.get_logger("ours").info("sent", outbound_id=5)
    logging.getLogger("theirs").warning("%s of %s", 1, 2)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 2
    if not stream.isatty():
        ours, theirs = (json.loads(line) for line in lines)
        assert ours["request_id"] == theirs["request_id"] == "request-1"
        assert (ours["event"], ours["outbound_id"], ours["logger"]) == ("sent", 5, "ours")
        assert (theirs["event"], theirs["level"]) == ("1 of 2", "warning")
        assert ours["timestamp"].endswith("Z")


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "access_token",
        "app_secret",
        "Authorization",
        "cookie",
        "signature",
        "message",
        "body",
        "last_message_text",
        "payload",
        "email",
        "phone_number",
        "sender_name",
    ],
)
def test_secrets_and_personal_data_are_masked(stream: StringIO, key: str) -> None:
    structlog.stdlib.get_logger("ours").info("done", **{key: "canary-4711"})
    assert "canary" not in stream.getvalue()
    assert key in stream.getvalue()


def test_identifiers_are_not_masked(stream: StringIO) -> None:
    structlog.stdlib.get_logger("ours").info("done", message_id=4711, phone_number_id="4712", hostname="4713")
    assert all(number in stream.getvalue() for number in ("4711", "4712", "4713"))


@pytest.mark.parametrize(
    "text", ["a\nFAKE line", "a\r\nb", "a\x1b[31mred", "a\u2028b", "a\u202egnp.exe", "a\x9b1m"]
)
def test_no_text_can_forge_a_line_or_move_the_cursor(stream: StringIO, text: str) -> None:
    structlog.stdlib.get_logger("ours").info("seen", user_agent=text)
    logging.getLogger("theirs").info("%s", text)
    logged = stream.getvalue()
    assert len(logged.splitlines()) == 2
    raw = text.strip("abFAKElinredgpx.m[31 ")
    assert all(
        character not in logged.replace("\x1b[0m", "") for character in raw if character not in "\n\x1b"
    )
    assert text not in logged


class Small(BaseModel):
    number: int


def test_a_traceback_says_where_without_saying_what(stream: StringIO) -> None:
    log = structlog.stdlib.get_logger("ours")
    try:
        Small.model_validate({"number": SECRET})
    except ValueError:
        log.exception("odd input")
    with SessionLocal() as db:
        db.execute(sa.text("SELECT 1"))
        try:
            with transaction(db):
                for _ in range(2):
                    db.add(Admin(email=SECRET, name="", password_hash=""))
                db.flush()
        except IntegrityError as error:
            logging.getLogger("theirs").error("twice", exc_info=error)
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as inner:
            raise ExceptionGroup(SECRET, [OSError(2, SECRET), KeyError(SECRET)]) from inner
    except ExceptionGroup:
        log.exception("several")
    logged = stream.getvalue()
    assert "canary" not in logged
    for sign in (
        "test_observability.py",
        "ValidationError",
        "IntegrityError",
        "FileNotFoundError (2)",
        "KeyError",
    ):
        assert sign in logged
