"""Erased words are not left in the index that finds them."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from config.database import make_engine
from models import SupportMessage
from services import message_removal_service
from services.search_tidying import MayNotTidy, tidy
from tests.factories import make_message, make_ticket

WORD = "zebrafishcanary"


def words(engine: Engine, table: str) -> set[str]:
    """All that the index holds, on disk and in memory, deleted or not."""
    with engine.connect() as connection:
        name = f"{connection.scalar(text('SELECT DATABASE()'))}/{table}"
        connection.execute(text("SET GLOBAL innodb_ft_aux_table = :name"), {"name": name})
        found: set[str] = set()
        for place in ("index_table", "index_cache"):
            query = f"SELECT word FROM information_schema.innodb_ft_{place}"  # noqa: S608 - one of two
            found |= set(connection.scalars(text(query)))
        return found


@pytest.fixture
def erased(db: Session) -> None:
    """A customer's word was found by the search, and its message is gone."""
    ticket = make_ticket(db)
    message = make_message(db, ticket, message=f"My {WORD} is ill")
    make_message(db, ticket, message="Somebody else's goldfishcanary")
    message_removal_service.remove(db, SupportMessage.id == message.id)


@pytest.mark.usefixtures("erased")
def test_the_index_forgets_the_words_of_what_is_gone(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        assert tidy(engine) == 0
        return
    assert WORD in words(engine, "support_messages"), "a canary that is nowhere proves nothing"
    assert tidy(engine) > 0
    left = words(engine, "support_messages")
    assert WORD not in left
    assert "goldfishcanary" in left
    assert tidy(engine) == 0
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT @@GLOBAL.innodb_optimize_fulltext_only")) == 0


@pytest.mark.usefixtures("erased")
def test_a_user_without_the_right_is_told_so(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no users")
    with engine.connect() as connection:
        connection.execute(text("CREATE USER IF NOT EXISTS plain@127.0.0.1"))
        connection.execute(text(f"GRANT ALL ON `{engine.url.database}`.* TO plain@127.0.0.1"))
    plain = make_engine(engine.url.set(username="plain").render_as_string(hide_password=False))
    with pytest.raises(MayNotTidy):
        tidy(plain)
    plain.dispose()
