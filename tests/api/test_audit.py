"""Reading the audit log: by page, by filter, and as a file that runs nothing."""

import csv
import io

import pytest
from sqlalchemy.orm import Session

from config.database import transaction
from config.settings import ROOT
from models.audit_entry import AuditAction
from services import audit_service
from services.actor import COMMAND_LINE, Actor
from services.csv_writer import rows_as_csv
from tests.factories import make_admin
from tests.running_desk import RunningDesk
from tests.structure.tracked_files import tracked_files


def test_pages_by_cursor_and_filters(desk: RunningDesk, db: Session) -> None:
    ada = make_admin(db, name="Ada Obi")
    with transaction(db):
        for number in range(1, 8):
            actor = Actor(ada, "192.0.2.1", session_id=1) if number % 2 else COMMAND_LINE
            audit_service.record(db, actor, AuditAction.TICKET_READ, "ticket", number)
    seen, cursor = [], None
    while True:
        query = {"action": "ticket.read", "limit": 3} | ({"cursor": cursor} if cursor else {})
        page = desk.data("GET", "/api/audit", params=query)
        seen += page["entries"]
        if (cursor := page["next_cursor"]) is None:
            break
    assert [entry["target_id"] for entry in seen] == [7, 6, 5, 4, 3, 2, 1]
    assert (seen[0]["actor_name"], seen[0]["via"], seen[1]["actor_name"]) == ("Ada Obi", "browser", None)
    of_ada = desk.data("GET", "/api/audit", params={"actor_id": ada.id})["entries"]
    assert [entry["target_id"] for entry in of_ada] == [7, 5, 3, 1]


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_a_name_that_is_a_formula_is_told_as_words(desk: RunningDesk, db: Session, start: str) -> None:
    name = f'{start}HYPERLINK("http://evil.example","x")'
    ada = make_admin(db, name=name)
    with transaction(db):
        audit_service.record(db, Actor(ada, session_id=1), AuditAction.TICKET_READ, "ticket", 1)
    response = desk.api.get("/api/audit/export", params={"actor_id": ada.id})
    assert response.headers["content-type"].startswith("text/csv")
    assert "attachment" in response.headers["content-disposition"]
    header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    assert header[2] == "actor"
    assert row[2] == f"'{name}"


def test_every_cell_is_quoted() -> None:
    assert "".join(rows_as_csv(["a"], [[None], [7], ['x"y,z']])) == '\ufeff"a"\r\n""\r\n"7"\r\n"x""y,z"\r\n'


def test_there_is_one_writer_of_csv() -> None:
    writers = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.suffix == ".py" and "tests" not in path.parts and "csv.writer" in path.read_text()
    ]
    assert writers == ["services/csv_writer.py"]
