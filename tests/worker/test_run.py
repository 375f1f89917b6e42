import pytest
from sqlalchemy.orm import Session

from worker import run
from worker.inbox import Inbox


def test_a_worker_of_which_a_part_ended_makes_room_for_another(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keeps it running starts a whole one; this one would look alive, and leave the inbox."""
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(Inbox, "_run", lambda _: None)
    assert not run.run_forever()
