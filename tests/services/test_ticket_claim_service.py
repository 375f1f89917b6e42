from sqlalchemy.orm import Session

from models import Admin
from models.support_ticket import MessageKind, SupportTicket
from services.ticket_change_service import AlreadyAssigned, Change, change_ticket
from services.ticket_claim_service import claim
from tests.desk import events, stored
from tests.factories import make_admin, make_ticket
from tests.together import together


def assignments(ticket_id: int) -> list[str]:
    return [row.message for row in stored(ticket_id).messages if row.kind == MessageKind.ACTIVITY]


def test_a_free_ticket_is_taken_with_one_row_on_its_timeline(db: Session) -> None:
    ada = make_admin(db, name="Ada")
    ticket = make_ticket(db)
    before = ticket.version
    taken = claim(db, ticket.id, ada)
    assert (taken.assigned_admin_id, taken.version) == (ada.id, before + 1)
    assert taken.assigned_admin is ada
    assert assignments(ticket.id) == ["Ada took the ticket."]
    [row] = stored(ticket.id).messages
    assert row.payload == {"activity": "assignee", "from": None, "to": ada.id}
    assert events(db) == [("message.created", ticket.id, row.id), ("ticket.updated", ticket.id, None)]


def test_to_claim_twice_changes_nothing(db: Session) -> None:
    ada = make_admin(db, name="Ada")
    ticket = make_ticket(db)
    version = claim(db, ticket.id, ada).version
    assert claim(db, ticket.id, ada).version == version
    assert assignments(ticket.id) == ["Ada took the ticket."]
    assert len(events(db)) == 2


def test_of_ten_at_once_one_gets_it_and_the_others_hear_who(db: Session) -> None:
    admins = [make_admin(db, name=f"Agent {number}").id for number in range(10)]
    for _ in range(5):
        ticket = make_ticket(db)

        def act(session: Session, number: int, ticket_id: int = ticket.id) -> SupportTicket:
            return claim(session, ticket_id, session.get_one(Admin, admins[number]))

        results = together(10, act)
        won = [number for number, result in enumerate(results) if isinstance(result, SupportTicket)]
        assert len(won) == 1
        refused = [result for result in results if isinstance(result, AlreadyAssigned)]
        assert {error.message for error in refused} == {f"Agent {won[0]} has ticket #{ticket.id} already."}
        assert len(refused) == 9
        assert stored(ticket.id).assigned_admin_id == admins[won[0]]
        assert assignments(ticket.id) == [f"Agent {won[0]} took the ticket."]


def test_a_claim_beside_an_assignment_makes_two_rows_or_one_refusal(db: Session) -> None:
    ada, bola = make_admin(db, name="Ada"), make_admin(db, name="Bola")
    ids = ada.id, bola.id
    for _ in range(10):
        ticket_id = make_ticket(db).id

        def act(session: Session, number: int, ticket_id: int = ticket_id) -> SupportTicket:
            if number:
                return change_ticket(session, ticket_id, Change(assigned_admin_id=ids[1]))
            return claim(session, ticket_id, session.get_one(Admin, ids[0]))

        claimed, assigned = together(2, act)
        assert isinstance(assigned, SupportTicket)
        assert stored(ticket_id).assigned_admin_id == ids[1]
        assert len(assignments(ticket_id)) == (1 if isinstance(claimed, AlreadyAssigned) else 2)
