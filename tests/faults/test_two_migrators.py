"""A second migrator waits for the first, and says so when that takes too long."""

import pytest
import sqlalchemy as sa

from commands.migration import migrate
from config.database import engine
from migrations import lock
from services.errors import DeskError


@pytest.mark.skipif(engine.dialect.name == "sqlite", reason="it waits for as long as the first takes")
def test_who_waited_in_vain_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "SECONDS", 0)
    with engine.connect() as first:
        first.execute(sa.text("SELECT GET_LOCK('chat-support-migrations', 0)"))
        with pytest.raises(DeskError, match="still changing the tables"):
            migrate()
        first.execute(sa.text("SELECT RELEASE_LOCK('chat-support-migrations')"))
    migrate()
