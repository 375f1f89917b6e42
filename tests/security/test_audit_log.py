"""The audit log: whole with the act or not there, and never changed again."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from config.database import transaction
from migrations.ddl import triggers
from models import Admin, AuditEntry
from models.audit_entry import AuditAction
from services import admin_service
from services.actor import COMMAND_LINE, Actor
from services.audit_service import audited, record
from services.errors import AdminExists
from tests.desk import count
from tests.factories import make_admin


def test_an_entry_says_who_did_what(db: Session) -> None:
    admin = make_admin(db)
    actor = Actor(admin, "192.0.2.7", session_id=3)
    with audited(db, actor, AuditAction.TICKET_CREATE, "ticket", fields=["status", "priority"]) as entry:
        entry.target_id = 4711
    [found] = db.scalars(select(AuditEntry))
    assert (found.actor_id, found.via, found.address) == (admin.id, "browser", "192.0.2.7")
    assert (found.action, found.target_kind, found.target_id) == ("ticket.create", "ticket", 4711)
    assert found.fields == ["priority", "status"]


def test_an_act_that_fails_leaves_no_entry(db: Session) -> None:
    with pytest.raises(AdminExists):
        admin_service.create(db, make_admin(db).email, "", "tall-green-giraffe")
    assert count(AuditEntry) == 0


def test_an_entry_that_cannot_be_written_undoes_the_act(db: Session) -> None:
    def act() -> None:
        with audited(db, COMMAND_LINE, AuditAction.TICKET_CHANGE, fields=["+234 803 555 0142"]):
            make_admin(db)

    with pytest.raises(ValueError, match="names of fields"):
        act()
    assert count(Admin) == 0


@pytest.mark.parametrize("field", ["0803", "status=0803", "Which parcel was it?", "a=b=c", ""])
def test_nothing_of_what_is_in_a_field_gets_into_the_log(db: Session, field: str) -> None:
    with pytest.raises(ValueError, match="names of fields"), transaction(db):
        record(db, COMMAND_LINE, AuditAction.TICKET_CHANGE, "ticket", 1, [field])


@pytest.mark.parametrize(
    "statement", [update(AuditEntry).values(actor_id=None), delete(AuditEntry)], ids=["update", "delete"]
)
def test_the_database_refuses_to_change_the_past(db: Session, statement: object) -> None:
    assert len(triggers(db.connection(), "audit_entries")) == 2
    with transaction(db):
        record(db, COMMAND_LINE, AuditAction.TICKET_READ, "ticket", 1)
    with pytest.raises(DatabaseError, match="only grows"), transaction(db):
        db.execute(statement)  # type: ignore[call-overload]
    assert count(AuditEntry) == 1
