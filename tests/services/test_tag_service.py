"""Tags: their names, and what becomes of the tickets that have them."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import SessionLocal
from models import SupportMessage, Tag, TicketTag
from services import tag_service
from services.actor import Caller
from services.bulk_change_service import change_tickets
from services.tag_service import InvalidTag, TagExists, TagNotFound
from services.ticket_change_service import Change, change_ticket
from services.ticket_tagging import MOST_ON_A_TICKET, TooManyTags, UnknownTag
from tests.desk import count, events, stored
from tests.factories import make_admin, make_contact, make_ticket


def tags_of(ticket_id: int) -> list[int]:
    with SessionLocal() as other:
        return list(other.scalars(select(TicketTag.tag_id).where(TicketTag.ticket_id == ticket_id)))


def test_names_are_tidied_and_differ_in_more_than_their_case(db: Session) -> None:
    tag = tag_service.create(db, "  Late \n delivery ", "orange")
    assert (tag.name, tag.colour) == ("Late delivery", "orange")
    for name in ("late delivery", "LATE  DELIVERY", "ｌate delivery"):
        with pytest.raises(TagExists, match="Late delivery"):
            tag_service.create(db, name)
    tag_service.create(db, "Rückgabe")
    tag_service.create(db, "Ruckgabe")
    assert [each.tag.name for each in tag_service.list_tags(db)] == ["Late delivery", "Ruckgabe", "Rückgabe"]
    assert [kind for kind, *_ in events(db)] == ["tags.updated"] * 3


@pytest.mark.parametrize(
    "name", ["", "  ", "\n\t", "x" * 41, "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 7]
)
def test_a_name_that_will_not_do_is_refused(db: Session, name: str) -> None:
    with pytest.raises(InvalidTag):
        tag_service.create(db, name)
    assert count(Tag) == 0


def test_a_tag_takes_another_name_and_colour(db: Session) -> None:
    tag, other = tag_service.create(db, "Refund"), tag_service.create(db, "Delivery")
    assert tag_service.change(db, tag.id, name="REFUND").tag.name == "REFUND"
    assert tag_service.change(db, tag.id, colour="teal").tag.colour == "teal"
    with pytest.raises(TagExists):
        tag_service.change(db, tag.id, name="delivery")
    with pytest.raises(InvalidTag):
        tag_service.change(db, other.id, colour="beige")
    with pytest.raises(TagNotFound):
        tag_service.change(db, 2**31, name="x")


def test_tags_come_and_go_with_a_row_each_time(db: Session) -> None:
    ada, ticket = make_admin(db, name="Ada"), make_ticket(db)
    first, second = tag_service.create(db, "Refund"), tag_service.create(db, "Late")
    both = frozenset({first.id, second.id})
    change_ticket(db, ticket.id, Change(add_tag_ids=both), actor=ada)
    change_ticket(db, ticket.id, Change(add_tag_ids=both), actor=ada)
    change_ticket(db, ticket.id, Change(remove_tag_ids=frozenset({first.id}), add_tag_ids=both), actor=ada)
    change_ticket(db, ticket.id, Change(remove_tag_ids=frozenset({first.id})), actor=ada)
    said = db.scalars(select(SupportMessage).order_by(SupportMessage.id)).all()
    assert [row.message for row in said] == [
        "Ada added the tags Late, Refund.",
        "Ada removed the tag Refund.",
    ]
    assert said[1].payload == {"activity": "tags", "added": [], "removed": [first.id]}
    assert tags_of(ticket.id) == [second.id]
    assert stored(ticket.id).version == ticket.version == 3


def test_a_tag_that_is_not_there_changes_nothing(db: Session) -> None:
    ticket, tag = make_ticket(db), tag_service.create(db, "Refund")
    with pytest.raises(UnknownTag):
        change_ticket(db, ticket.id, Change(add_tag_ids=frozenset({tag.id, tag.id + 1})))
    assert tags_of(ticket.id) == []


def test_a_ticket_has_so_many_tags_and_no_more(db: Session) -> None:
    ticket = make_ticket(db)
    ids = frozenset(tag_service.create(db, f"Tag {number}").id for number in range(MOST_ON_A_TICKET + 1))
    with pytest.raises(TooManyTags):
        change_ticket(db, ticket.id, Change(add_tag_ids=ids))
    change_ticket(db, ticket.id, Change(add_tag_ids=ids - {max(ids)}))
    change_ticket(
        db, ticket.id, Change(add_tag_ids=frozenset({max(ids)}), remove_tag_ids=frozenset({min(ids)}))
    )
    assert set(tags_of(ticket.id)) == ids - {min(ids)}


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag_service, "STEP", 2)


@pytest.mark.usefixtures("small_steps")
def test_a_merge_gives_every_ticket_the_other_tag_once(db: Session) -> None:
    old, new = tag_service.create(db, "Delivry"), tag_service.create(db, "Delivery")
    tickets = [make_ticket(db).id for _ in range(5)]
    for ticket_id in tickets:
        change_ticket(db, ticket_id, Change(add_tag_ids=frozenset({old.id})))
    change_ticket(db, tickets[2], Change(add_tag_ids=frozenset({new.id})))
    assert tag_service.merge(db, old.id, new.id).tickets == 5
    assert [tags_of(ticket_id) for ticket_id in tickets] == [[new.id]] * 5
    with pytest.raises(TagNotFound):
        tag_service.get(db, old.id)
    with pytest.raises(InvalidTag):
        tag_service.merge(db, new.id, new.id)


@pytest.mark.usefixtures("small_steps")
def test_a_deleted_tag_leaves_every_ticket(db: Session) -> None:
    gone, kept = tag_service.create(db, "Gone"), tag_service.create(db, "Kept")
    tickets = [make_ticket(db).id for _ in range(5)]
    for ticket_id in tickets:
        change_ticket(db, ticket_id, Change(add_tag_ids=frozenset({gone.id, kept.id})))
    tag_service.remove(db, gone.id)
    assert [tags_of(ticket_id) for ticket_id in tickets] == [[kept.id]] * 5
    with pytest.raises(TagNotFound):
        tag_service.remove(db, gone.id)


def test_the_tags_of_a_deleted_ticket_go_with_it(db: Session) -> None:
    ticket, tag = make_ticket(db), tag_service.create(db, "Refund")
    change_ticket(db, ticket.id, Change(add_tag_ids=frozenset({tag.id})))
    for row in db.scalars(select(SupportMessage)):
        db.delete(row)
    db.delete(ticket)
    db.commit()
    assert count(TicketTag) == 0
    assert tag_service.get(db, tag.id).tickets == 0


def test_many_tickets_are_changed_in_acts_of_a_few(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.bulk_change_service.STEP", 2)
    ada, tag = make_admin(db), tag_service.create(db, "Refund")
    tickets = [make_ticket(db).id for _ in range(5)]
    change = Change(assigned_admin_id=ada.id, add_tag_ids=frozenset({tag.id}))
    outcome = change_tickets(db, [*tickets, tickets[0], 2**31], change, Caller(ada))
    assert [ticket.id for ticket in outcome.changed] == tickets
    assert [(ticket_id, error.code) for ticket_id, error in outcome.refused] == [(2**31, "ticket_not_found")]
    assert [stored(ticket_id).assigned_admin_id for ticket_id in tickets] == [ada.id] * 5
    assert sum(kind == "ticket.updated" for kind, *_ in events(db)) == 5


def test_a_refusal_leaves_that_ticket_whole_and_the_others_changed(db: Session) -> None:
    ada, contact = make_admin(db), make_contact(db)
    ended = make_ticket(db, contact, status="CLOSED")
    live = make_ticket(db, contact)
    free, closed = make_ticket(db), make_ticket(db, status="CLOSED")
    rows = count(SupportMessage)
    outcome = change_tickets(
        db,
        [ended.id, free.id, closed.id, live.id],
        Change(status="IN_PROGRESS", priority="HIGH"),
        Caller(ada),
    )
    assert [(each, error.code) for each, error in outcome.refused] == [
        (ended.id, "live_ticket_exists"),
        (closed.id, "status_not_allowed"),
    ]
    assert [ticket.id for ticket in outcome.changed] == [free.id, live.id]
    assert [stored(each.id).priority for each in (ended, closed)] == ["MEDIUM", "MEDIUM"]
    assert [stored(each.id).status for each in (free, live)] == ["IN_PROGRESS", "IN_PROGRESS"]
    assert count(SupportMessage) - rows == 4
    assert {ticket_id for _, ticket_id, _ in events(db)} == {free.id, live.id}


def test_what_fails_halfway_through_a_ticket_is_undone(db: Session) -> None:
    ada, ticket = make_admin(db), make_ticket(db)
    outcome = change_tickets(db, [ticket.id], Change(status="RESOLVED", assigned_admin_id=2**31), Caller(ada))
    assert [error.code for _, error in outcome.refused] == ["admin_not_found"]
    assert (stored(ticket.id).status, stored(ticket.id).version) == ("OPEN", 1)
    assert count(SupportMessage) == 0
