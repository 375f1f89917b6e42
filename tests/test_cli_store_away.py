"""A bucket that does not answer: the commands that need it say so, and erasing goes on when it is back."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.database import transaction
from models.contact import Contact
from models.media_file import MediaFile, MediaState
from models.support_ticket import MessageKind, SupportMessage
from tests.factories import make_message
from tests.ports import free_port
from tests.test_cli import Run, run
from tests.test_cli_secrets import database

__all__ = ["database", "run"]


@pytest.fixture
def customer(database: Engine) -> int:
    """Who sent a paper."""
    with Session(database) as db, transaction(db):
        message = make_message(db, kind=MessageKind.DOCUMENT)
        kept = MediaFile(message_id=message.id, phone_number_id="1", kind="document", storage_key="1/paper")
        kept.state = MediaState.STORED
        db.add(kept)
        return message.contact_id


@pytest.fixture
def away() -> dict[str, str]:
    return {
        "MEDIA_URL": "s3://bucket/desk",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "eu-west-1",
    }


def test_an_export_says_why_it_is_none(run: Run, customer: int, away: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "customer.zip"
    refused = run("export-contact", str(target), "--contact", str(customer), **away)
    assert (refused.returncode, target.exists()) == (1, False)
    assert refused.stderr.startswith(f"{target} could not be made: ")
    assert refused.stderr.count("\n") == 1, refused.stderr


def test_who_is_half_erased_is_erased_by_the_same_command(
    run: Run, database: Engine, customer: int, away: dict[str, str]
) -> None:
    """That there is no such customer would sound as if all were done, and all of it is there still."""
    command = ("erase", "--contact", str(customer), "--yes")
    for _ in range(2):
        refused = run(*command, **away)
        assert refused.returncode == 1
        assert refused.stderr.startswith("The customer is not wholly erased; erase them again")
        assert refused.stderr.count("\n") == 1, refused.stderr
    done = run(*command)
    assert done.returncode == 0, done.stderr
    with Session(database) as db:
        assert db.scalars(select(SupportMessage)).all() == []
        assert db.get_one(Contact, customer).phone_number is None
    assert run(*command).stderr == f"There is no customer {customer}.\n"
