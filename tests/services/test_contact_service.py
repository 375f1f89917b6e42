import contextlib
from collections.abc import Collection

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from config.bulk_rows import insert_rows
from config.conflicts import in_whole
from config.database import SessionLocal, transaction
from models import Contact, ContactIdentity
from services import contact_service, erasure_service
from services.contact_service import Identity, display_name, resolve
from tests.factories import Insert, insert_by_flush, make_contact
from tests.together import together
from whatsapp.incoming import Person

PHONE, OTHER_PHONE = "2348031234567", "2348037654321"


def person(
    phone: str | None = None,
    user: str | None = None,
    parent: str | None = None,
    name: str = "",
    nick: str = "",
) -> Person:
    return Person(phone, user, parent, name, nick or None)


def who(db: Session, *people: Person) -> list[int]:
    """The ids of these people's contacts, in an act of its own."""
    with transaction(db):
        contacts = resolve(db, people)
    return [contact.id for contact in contacts]


def one(db: Session, someone: Person) -> int:
    [contact_id] = who(db, someone)
    return contact_id


def phone_of(db: Session, contact_id: int) -> str | None:
    return db.scalar(select(Contact.phone_number).where(Contact.id == contact_id))


def count_contacts(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Contact)) or 0


def test_the_same_number_is_the_same_contact(db: Session) -> None:
    ada = one(db, person(PHONE, name="Ada"))
    assert one(db, person(PHONE)) == ada
    assert one(db, person(OTHER_PHONE, name="Ada")) != ada


def test_a_person_is_known_by_each_of_her_names(db: Session) -> None:
    ada = one(db, person(PHONE, "NG.1", "NG.ENT.1"))
    assert one(db, person(user="NG.1")) == ada
    assert one(db, person(PHONE)) == ada
    assert one(db, person(parent="NG.ENT.1")) == ada
    assert count_contacts(db) == 1


def test_a_name_that_comes_later_is_learnt(db: Session) -> None:
    ada = one(db, person(PHONE))
    assert one(db, person(PHONE, "NG.1")) == ada
    assert one(db, person(user="NG.1", parent="NG.ENT.1")) == ada
    assert one(db, person(user="NG.2", parent="NG.ENT.1")) == ada
    assert one(db, person(user="NG.2")) == ada


def test_ids_are_told_apart_by_case(db: Session) -> None:
    assert one(db, person(user="NG.abc")) != one(db, person(user="NG.ABC"))


def test_a_user_without_a_number_gets_it_when_it_is_told(db: Session) -> None:
    ada = one(db, person(user="NG.1", name="Ada"))
    assert phone_of(db, ada) is None
    assert one(db, person(PHONE, "NG.1")) == ada
    assert phone_of(db, ada) == PHONE
    assert one(db, person(user="NG.1")) == ada
    assert phone_of(db, ada) == PHONE


def test_a_new_number_of_the_same_user_is_the_one_to_write_to_and_both_are_known(db: Session) -> None:
    ada = one(db, person(PHONE, "NG.1"))
    assert one(db, person(OTHER_PHONE, "NG.1")) == ada
    assert phone_of(db, ada) == OTHER_PHONE
    assert one(db, person(PHONE)) == ada


@pytest.mark.parametrize("insert", [insert_rows, insert_by_flush])
def test_a_number_that_passed_on_belongs_to_its_new_user(
    db: Session, monkeypatch: pytest.MonkeyPatch, insert: Insert
) -> None:
    monkeypatch.setattr(contact_service, "insert_rows", insert)
    ada = one(db, person(PHONE, "NG.1", name="Ada"))
    bola = one(db, person(PHONE, "NG.2", name="Bola"))
    assert bola != ada
    assert (phone_of(db, ada), phone_of(db, bola)) == (None, PHONE)
    assert one(db, person(user="NG.1")) == ada
    assert one(db, person(PHONE)) == bola
    assert db.scalars(select(ContactIdentity.contact_id).where(ContactIdentity.value == PHONE)).all() == [
        bola
    ]


def test_a_number_passes_on_within_one_delivery(db: Session) -> None:
    ada, bola, again = who(db, person(PHONE, "NG.1"), person(PHONE, "NG.2"), person(user="NG.1"))
    assert ada == again != bola
    assert (phone_of(db, ada), phone_of(db, bola)) == (None, PHONE)


def test_a_number_passes_to_a_user_who_is_known(db: Session) -> None:
    ada, bola = one(db, person(PHONE, "NG.1")), one(db, person(OTHER_PHONE, "NG.2"))
    assert one(db, person(PHONE, "NG.2")) == bola
    assert (phone_of(db, ada), phone_of(db, bola)) == (None, PHONE)


def test_many_people_at_once_and_the_same_one_twice(db: Session) -> None:
    people = [person(f"23480300000{number:02}", f"NG.{number}") for number in range(40)]
    found = who(db, *people, *reversed(people))
    assert found[:40] == found[:39:-1]
    assert len(set(found)) == count_contacts(db) == 40
    assert who(db, *reversed(people)) == found[40:]


def test_nobody_is_nobody(db: Session) -> None:
    assert who(db) == []


def test_the_latest_name_counts_and_none_takes_nothing_away(db: Session) -> None:
    ada = one(db, person(PHONE, name="Ada", nick="ada"))
    for told, name, username in (
        (person(PHONE), "Ada", "ada"),
        (person(PHONE, name="Ada O."), "Ada O.", "ada"),
        (person(PHONE, nick="ada.o"), "Ada O.", "ada.o"),
    ):
        one(db, told)
        row = db.execute(select(Contact.name, Contact.username).where(Contact.id == ada)).one()
        assert tuple(row) == (name, username)


def test_a_contact_has_a_name_to_show(db: Session) -> None:
    ada = Contact(name="Ada", username="ada", phone_number=PHONE)
    assert display_name(ada) == "Ada"
    assert display_name(Contact(name="", username="ada", phone_number=PHONE)) == "@ada"
    assert display_name(Contact(name="", username=None, phone_number=PHONE)) == f"+{PHONE}"
    assert display_name(Contact(name="", username=None, phone_number=None)) == "WhatsApp user"


def test_what_fails_leaves_nobody_behind(db: Session) -> None:
    try:
        with transaction(db):
            resolve(db, [person(PHONE)])
            raise RuntimeError
    except RuntimeError:
        pass
    assert count_contacts(db) == 0
    assert one(db, person(PHONE))


def test_many_at_once_make_one_contact(db: Session) -> None:
    """MySQL breaks most of them off, which begin anew as every act of the desk does."""
    for round_number in range(5):
        newcomer = person(f"23480311100{round_number:02}", f"NG.{round_number}", f"NG.ENT.{round_number}")

        def meet(_session: Session, _: int, newcomer: Person = newcomer) -> int:
            return in_whole(SessionLocal, lambda db: one(db, newcomer))

        found = together(10, meet)
        assert [each for each in found if isinstance(each, Exception)] == []
        assert len(set(found)) == 1
        assert count_contacts(db) == round_number + 1
        db.rollback()


def test_many_at_once_who_share_a_name_each_are_one_contact(db: Session) -> None:
    """MariaDB may choose victims among them, which the inbox tries again."""
    ways = [person(PHONE), person(PHONE, "NG.1"), person(PHONE, "NG.1", "NG.ENT.1")]

    def meet(session: Session, number: int) -> int:
        for _ in range(20):
            with contextlib.suppress(OperationalError):
                return one(session, ways[number % 3])
        raise AssertionError("a victim every time")

    found = together(9, meet)
    assert [each for each in found if isinstance(each, Exception)] == []
    assert count_contacts(db) == 1


def test_the_contact_is_locked_until_the_act_ends(db: Session) -> None:
    contact = make_contact(db, phone_number=PHONE)
    with transaction(db):
        db.add(ContactIdentity(contact_id=contact.id, kind="phone", value=PHONE))

    def add_a_letter(session: Session, _: int) -> None:
        with transaction(session):
            [found] = resolve(session, [person(PHONE)])
            session.refresh(found)
            found.name += "x"

    before = contact.name
    assert together(8, add_a_letter) == [None] * 8
    db.rollback()
    db.refresh(contact)
    assert contact.name == before + "x" * 8


def test_who_is_erased_while_their_row_is_waited_for_is_somebody_new(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what they write would hang on the emptied row: nobody could answer it, or erase it again."""
    if db.get_bind().dialect.name == "sqlite":
        pytest.skip("on SQLite nobody else writes meanwhile")
    earlier, find = one(db, person(PHONE, name="Ada")), contact_service.find_identities
    erased: list[int] = []

    def find_and_erase(session: Session, wanted: Collection[Identity]) -> dict[Identity, ContactIdentity]:
        found = find(session, wanted)
        if not erased:
            erased.append(earlier)
            with SessionLocal() as other:
                erasure_service.erase(other, earlier)
        return found

    monkeypatch.setattr(contact_service, "find_identities", find_and_erase)
    assert one(db, person(PHONE, name="Ada again")) != earlier
    db.rollback()
    assert db.get_one(Contact, earlier, populate_existing=True).name == ""
    assert one(db, person(PHONE)) != earlier
