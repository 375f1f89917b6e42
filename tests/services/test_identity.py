"""Customers who change their number or id: no duplicate, and nobody merged."""

from itertools import count
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from config.database import Base, SessionLocal, transaction
from models import AccountEvent, Contact, ContactIdentity, SupportMessage, SupportTicket
from tests.webhooks import deliver, message, messages_body, settle
from worker.outbox_customers import find, reachable

OLD, NEW = "2348031234567", "2348037654321"


def says(phone: str | None = None, user: str | None = None, text: str = "Chat Support") -> dict[str, Any]:
    return message(text, **{"from": phone, "from_user_id": user})


def changes(kind: str, phone: str | None = None, user: str | None = None, **system: Any) -> dict[str, Any]:
    told = {"type": kind, "body": "Something changed"} | system
    return message(None, type="system", system=told, **{"from": phone, "from_user_id": user})


def changed_number(**fields: Any) -> dict[str, Any]:
    given = {"phone": OLD, "wa_id": NEW, "user_id": "NG.2", "previous_user_id": "NG.1"} | fields
    return changes("user_changed_number", **{name: each for name, each in given.items() if each})


def receive(db: Session, *messages: dict[str, Any]) -> None:
    for each in messages:
        deliver(db, messages_body(each))
        settle(db)


def contact_of(db: Session, wamid: str) -> int:
    return db.scalars(select(SupportMessage.contact_id).where(SupportMessage.wamid == wamid)).one()


def phone_of(db: Session, contact_id: int) -> str | None:
    return db.scalar(select(Contact.phone_number).where(Contact.id == contact_id))


def contacts(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Contact)) or 0


def ticket_of(db: Session) -> SupportTicket:
    return db.scalars(select(SupportTicket).execution_options(populate_existing=True)).one()


def activities(db: Session) -> list[str]:
    rows = select(SupportMessage.message).where(SupportMessage.kind == "activity")
    return list(db.scalars(rows.order_by(SupportMessage.id)))


@pytest.mark.parametrize("kind", ["user_changed_number", "customer_changed_number"])
@pytest.mark.parametrize("previous", ["NG.1", None])
def test_who_changes_their_number_stays_who_they_are(db: Session, kind: str, previous: str | None) -> None:
    receive(db, says(OLD, "NG.1"))
    event = changed_number(previous_user_id=previous)
    event["system"]["type"] = kind
    receive(db, event)
    ada = contact_of(db, event["id"])
    assert phone_of(db, ada) == NEW
    assert ticket_of(db).phone_number == NEW
    later = [says(NEW, "NG.2"), says(None, "NG.2"), says(NEW), says(None, "NG.1"), says(OLD, "NG.1")]
    receive(db, *later)
    assert {contact_of(db, each["id"]) for each in later} == {ada}
    assert contacts(db) == 1
    assert phone_of(db, ada) == NEW
    assert activities(db) == [f"The customer changed their phone number from +{OLD} to +{NEW}."]


def test_the_change_is_a_row_of_the_live_ticket(db: Session) -> None:
    receive(db, says(OLD, "NG.1"))
    event = changed_number()
    receive(db, event)
    row = db.scalars(select(SupportMessage).where(SupportMessage.wamid == event["id"])).one()
    assert (row.ticket_id, row.kind) == (ticket_of(db).id, "activity")
    assert row.payload == {"activity": "identity", "from": OLD, "to": NEW}


def test_a_change_comes_before_what_is_written_under_the_new_id(db: Session) -> None:
    receive(db, says(OLD, "NG.1"))
    event, after = changed_number(), says(NEW, "NG.2", "Still me")
    deliver(db, messages_body(event, after))
    settle(db)
    assert contact_of(db, event["id"]) == contact_of(db, after["id"])
    assert contacts(db) == 1


def test_an_id_changes_where_no_number_is_told_and_the_old_one_is_no_longer_written_to(db: Session) -> None:
    receive(db, says(OLD, "NG.1"))
    event = changes("user_changed_user_id", user="NG.1", user_id="NG.2", previous_user_id="NG.1")
    receive(db, event)
    ada = contact_of(db, event["id"])
    assert (phone_of(db, ada), ticket_of(db).phone_number) == (None, None)
    assert reachable(db, find(db, "", [ada]))[1][ada] == ("recipient", "NG.2")
    receive(db, says(NEW, "NG.2"))
    assert (contacts(db), phone_of(db, ada), ticket_of(db).phone_number) == (1, NEW, NEW)


@pytest.mark.parametrize("user", ["NG.1", None])
def test_what_comes_late_from_the_old_number_does_not_bring_it_back(db: Session, user: str | None) -> None:
    receive(db, says(OLD, "NG.1"))
    event = changes("user_changed_user_id", user="NG.1", user_id="NG.2", previous_user_id="NG.1")
    late = says(OLD, user, "Written before that")
    receive(db, event, late)
    ada = contact_of(db, event["id"])
    assert (contact_of(db, late["id"]), contacts(db)) == (ada, 1)
    assert (phone_of(db, ada), ticket_of(db).phone_number) == (None, None)
    assert reachable(db, find(db, "", [ada]))[1][ada] == ("recipient", "NG.2")


def test_a_change_that_was_told_before_anything_else_makes_one_contact(db: Session) -> None:
    event, after = changed_number(), says(None, "NG.2")
    receive(db, event, after)
    assert contact_of(db, event["id"]) == contact_of(db, after["id"])
    assert contacts(db) == 1


def test_a_new_security_code_changes_nobody_and_warns(db: Session) -> None:
    receive(db, says(OLD, "NG.1"), changes("customer_identity_changed", phone=OLD, user="NG.1"))
    assert contacts(db) == 1
    assert "Make sure who it is" in activities(db)[0]
    assert ticket_of(db).phone_number == OLD


def test_an_id_that_another_has_merges_nobody_and_a_person_is_told(db: Session) -> None:
    first, second = says(OLD, "NG.1"), says(NEW, "NG.2", "Hello")
    receive(db, first, second)
    receive(db, changed_number())
    ada, bola = contact_of(db, first["id"]), contact_of(db, second["id"])
    assert ada != bola
    assert (phone_of(db, ada), phone_of(db, bola)) == (OLD, NEW)
    assert "kept apart" in activities(db)[0]
    [event] = db.scalars(select(AccountEvent))
    assert (event.severity, event.field) == ("warning", "identity_conflict")
    again = [says(OLD, "NG.1"), says(NEW, "NG.2")]
    receive(db, *again)
    assert [contact_of(db, each["id"]) for each in again] == [ada, bola]


def test_a_number_moves_from_whoever_had_it_before(db: Session) -> None:
    first, second = says(OLD, "NG.1"), says(NEW, "NG.9", "Hello")
    receive(db, first, second, changed_number())
    ada, bola = contact_of(db, first["id"]), contact_of(db, second["id"])
    assert ada != bola
    assert (phone_of(db, ada), phone_of(db, bola)) == (NEW, None)
    assert db.scalars(select(AccountEvent)).all() == []


def test_a_number_of_which_no_id_says_whose_it_is_stays(db: Session) -> None:
    first, second = says(OLD), says(NEW, text="Hello")
    receive(db, first, second, changed_number(user_id=None, previous_user_id=None))
    assert phone_of(db, contact_of(db, first["id"])) == OLD
    assert phone_of(db, contact_of(db, second["id"])) == NEW
    assert db.scalars(select(AccountEvent.field)).all() == ["identity_conflict"]


def test_the_old_number_of_somebody_who_changed_it_is_not_taken_from_its_next_owner(db: Session) -> None:
    ada, stranger = says(OLD, "NG.1"), says(OLD, "NG.5", "Hello")
    receive(db, ada, stranger, changed_number())
    assert phone_of(db, contact_of(db, stranger["id"])) == OLD
    assert phone_of(db, contact_of(db, ada["id"])) == NEW


def test_who_writes_from_a_number_that_somebody_without_an_id_gave_up_is_somebody_else(db: Session) -> None:
    event, late = changed_number(user_id=None, previous_user_id=None), says(OLD, None, "Written before that")
    receive(db, says(OLD), event, late)
    ada, stranger = contact_of(db, event["id"]), says(OLD, "NG.9", "Hello")
    assert contact_of(db, late["id"]) == ada
    assert (phone_of(db, ada), ticket_of(db).phone_number) == (NEW, NEW)
    receive(db, stranger)
    assert contact_of(db, stranger["id"]) != ada
    assert (phone_of(db, ada), ticket_of(db).phone_number) == (NEW, NEW)


def test_a_ticket_without_a_number_gets_it_when_the_customer_gives_it(db: Session) -> None:
    receive(db, says(None, "NG.1"))
    assert ticket_of(db).phone_number is None
    card = {"phones": [{"phone": f"+{OLD}", "wa_id": OLD}], "origin": "contact_request"}
    given = message(None, type="contacts", contacts=[card], **{"from": None, "from_user_id": "NG.1"})
    receive(db, given)
    assert ticket_of(db).phone_number == OLD
    assert phone_of(db, contact_of(db, given["id"])) == OLD
    assert contacts(db) == 1


def test_a_card_of_somebody_else_gives_no_number(db: Session) -> None:
    receive(db, says(None, "NG.1"))
    card = {"name": {"formatted_name": "Bola"}, "phones": [{"wa_id": NEW}], "origin": "other"}
    receive(db, message(None, type="contacts", contacts=[card], **{"from": None, "from_user_id": "NG.1"}))
    assert ticket_of(db).phone_number is None


def test_odd_events_about_a_customer_are_rows(db: Session) -> None:
    receive(db, says(OLD, "NG.1"))
    events = [
        changes("a_kind_of_the_future", phone=OLD),
        message(None, type="system", **{"from": OLD}),
        message(None, type="system", system={"user_id": 7, "wa_id": []}, **{"from": OLD}),
    ]
    receive(db, *events)
    assert len(activities(db)) == 3
    assert contacts(db) == 1


class People(RuleBasedStateMachine):
    """People whose ids and numbers change; the desk hears of each change before what follows it."""

    @initialize()
    def begin(self) -> None:
        self.number, self.user = count(1), count(1)
        self.people: list[dict[str, Any]] = []
        self.contact: dict[int, int] = {}
        with SessionLocal() as db, transaction(db):
            for table in reversed(Base.metadata.sorted_tables):
                if table.name in ("support_messages", "message_reactions", "media_files", "account_events",
                                  "outbound_messages", "inbound_events", "support_tickets", "conversations",
                                  "contact_identities", "contacts", "desk_events"):  # fmt: skip
                    db.execute(delete(table))

    def hear(self, event: dict[str, Any], person: int) -> None:
        with SessionLocal() as db:
            receive(db, event)
            found = contact_of(db, event["id"])
        assert self.contact.setdefault(person, found) == found

    @rule(with_user=st.booleans())
    def somebody_new_writes(self, with_user: bool) -> None:
        person = {
            "phone": f"23480{next(self.number):08}",
            "user": f"NG.{next(self.user)}" if with_user else None,
        }
        self.people.append(person)
        self.hear(says(person["phone"], person["user"], "Hello"), len(self.people) - 1)

    @rule(which=st.integers(0, 99), hide=st.booleans())
    def somebody_writes_again(self, which: int, hide: bool) -> None:
        if self.people:
            person = self.people[which % len(self.people)]
            shown = None if hide and person["user"] else person["phone"]
            self.hear(says(shown, person["user"], "Again"), which % len(self.people))

    @rule(which=st.integers(0, 99), told=st.booleans(), recycled=st.booleans())
    def somebody_changes_their_number(self, which: int, told: bool, recycled: bool) -> None:
        if not self.people:
            return
        person = self.people[which % len(self.people)]
        if person["user"] is None:
            return
        new_user = f"NG.{next(self.user)}"
        new_phone = f"23480{next(self.number):08}"
        event = changes(
            "user_changed_number",
            phone=person["phone"],
            user_id=new_user,
            previous_user_id=person["user"],
            **({"wa_id": new_phone} if told else {}),
        )
        self.hear(event, which % len(self.people))
        old, person["phone"], person["user"] = person["phone"], new_phone, new_user
        if recycled:
            heir = {"phone": old, "user": f"NG.{next(self.user)}"}
            self.people.append(heir)
            self.hear(says(old, heir["user"], "Hello"), len(self.people) - 1)

    @invariant()
    def everybody_is_one_contact(self) -> None:
        assert len(set(self.contact.values())) == len(self.contact)
        with SessionLocal() as db:
            assert contacts(db) == len(self.contact)
            owners = db.execute(
                select(ContactIdentity.kind, ContactIdentity.value, ContactIdentity.contact_id)
            ).all()
        assert len({(row.kind, row.value) for row in owners}) == len(owners)


TestPeople = People.TestCase
TestPeople.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
