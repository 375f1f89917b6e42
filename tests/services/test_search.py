"""Searching: what is found, what is marked, and that no text at all does harm."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from models import Contact, SupportMessage, SupportTicket
from models.support_ticket import MessageKind, TicketStatus
from services import search_index
from services.search_service import MOST_TICKETS, SearchResult, search
from services.search_text import SnippetPart, fold, parse, snippet
from services.ticket_filter import TicketFilter
from tests.factories import make_contact, make_message, make_ticket

EVERYWHERE = TicketFilter()


def found(db: Session, typed: str, wanted: TicketFilter = EVERYWHERE) -> list[int]:
    return [match.ticket.id for match in search(db, typed, wanted).matches]


def marked(parts: list[SnippetPart] | None) -> str:
    return "".join(f"[{part.text}]" if part.is_match else part.text for part in parts or [])


def test_words_of_messages_are_found_in_any_order_case_and_accent(db: Session) -> None:
    ticket = make_ticket(db, issue_description="")
    make_message(db, ticket, message="Ẹ jọọ, the Parcel for Àbújá has not come")
    make_message(db, make_ticket(db, issue_description=""), message="All is well with the parcel")
    for typed in ("parcel abuja", "ABUJA  Parc", "Jọọ", "ÀBÚJÁ!", "“come” (parcel)"):
        assert found(db, typed) == [ticket.id], typed
    assert found(db, "parcel abuja kano") == []
    [match] = search(db, "abuja parcel", EVERYWHERE).matches
    assert marked(match.messages[0].snippet) == "Ẹ jọọ, the [Parcel] for [Àbújá] has not come"


def test_hausa_letters_are_found_without_their_hooks_and_with_them(db: Session) -> None:
    hooked = make_ticket(db, make_contact(db, name="Ƙasim Ɗanladi"), issue_description="")
    plain = make_ticket(db, make_contact(db, name="Kasim Danladi"), issue_description="")
    make_ticket(db, make_contact(db, name="Basim Banladi"), issue_description="")
    for typed in ("kasim", "Ƙasim", "KAS", "danladi kasim", "Ɗanladi", "ɗanl"):
        assert set(found(db, typed)) == {hooked.id, plain.id}, typed
    matches = search(db, "kas dan", EVERYWHERE).matches
    assert {marked(match.name) for match in matches} == {"[Ƙas]im [Ɗan]ladi", "[Kas]im [Dan]ladi"}
    make_message(db, hooked, message="Ina ɓata da ƴa")
    assert found(db, "ya da bata") == [hooked.id]  # short words are in no index of InnoDB's


def test_names_and_descriptions_are_found(db: Session) -> None:
    contact = make_contact(db, name="Chinedu Okafor", username="chinedu.o")
    ticket = make_ticket(db, contact, issue_description="The fridge is broken")
    other = make_ticket(db, make_contact(db, name="Amina"), sender_name="Amina Bello", issue_description="")
    assert found(db, "okafor") == found(db, "chin") == found(db, "fridge") == [ticket.id]
    assert found(db, "bello") == [other.id]
    assert found(db, "okafor fridge") == []
    [match] = search(db, "okaf", EVERYWHERE).matches
    assert (marked(match.name), match.issue) == ("Chinedu [Okaf]or", None)


@pytest.mark.parametrize(
    "typed",
    ["08035550142", "0803 555 0142", "+234 803 555 0142", "00234 803-555-0142", "2348035550142", "0803555",
     "803 555", "+234803", "5550142", "0142", "(0803) 555"],
)  # fmt: skip
def test_a_phone_number_is_found_in_any_spelling_and_in_part(db: Session, typed: str) -> None:
    ticket = make_ticket(db, make_contact(db, phone_number="2348035550142"))
    make_ticket(db, make_contact(db, phone_number="2347061112233"))
    [match] = search(db, typed, EVERYWHERE).matches
    assert match.ticket.id == ticket.id
    assert "[" in marked(match.number)


def test_a_ticket_is_found_by_its_number_first(db: Session) -> None:
    ticket = make_ticket(db, make_contact(db, phone_number="2348000000001"))
    other = make_ticket(db, make_contact(db, phone_number="2348000000002"), issue_description="")
    make_message(db, other, message=f"It is about {ticket.id}, is it not?")
    for typed in (f"#{ticket.id}", str(ticket.id), f" # {ticket.id} "):
        assert found(db, typed) == [ticket.id, other.id]
    assert found(db, "#99999999999999") == found(db, "#2147483648") == []


def test_the_filters_narrow_a_search(db: Session) -> None:
    ada = make_contact(db, name="Ada")  # others are called by a number, which "#2" may find
    ended = make_ticket(db, ada, status=TicketStatus.CLOSED, issue_description="parcel")
    live = make_ticket(db, issue_description="")
    make_message(db, live, message="my parcel")
    assert set(found(db, "parcel")) == {ended.id, live.id}
    assert found(db, "parcel", TicketFilter((TicketStatus.CLOSED,))) == [ended.id]
    assert found(db, "parcel", TicketFilter((TicketStatus.OPEN,))) == [live.id]
    assert found(db, f"#{live.id}", TicketFilter((TicketStatus.CLOSED,))) == []
    assert found(db, live.phone_number or "", TicketFilter((TicketStatus.CLOSED,))) == []
    assert found(db, "parcel", TicketFilter((TicketStatus.CLOSED,), live_only=True)) == []


def test_the_index_follows_every_change(db: Session) -> None:
    ticket = make_ticket(db, issue_description="")
    message = make_message(db, ticket, message="giraffe")
    make_message(db, ticket, message="Ada said giraffe", kind=MessageKind.ACTIVITY)
    assert [each.message_id for each in search(db, "giraffe", EVERYWHERE).matches[0].messages] == [message.id]

    def change(**values: Any) -> None:
        db.execute(update(SupportMessage).where(SupportMessage.id == message.id).values(**values))
        db.commit()

    change(message="elephant", original_message="giraffe")
    assert (found(db, "giraffe"), found(db, "elephant")) == ([], [ticket.id])
    change(revoked_at=datetime.now(UTC))
    assert found(db, "elephant") == []
    change(revoked_at=None)
    assert found(db, "elephant") == [ticket.id]
    db.execute(update(SupportTicket).values(sender_name="Zebra"))
    db.commit()
    assert found(db, "zebra") == [ticket.id]
    db.execute(delete(SupportMessage))
    db.commit()
    assert found(db, "elephant") == []
    db.execute(update(Contact).values(name="Rhino"))
    db.commit()
    assert found(db, "rhino") == [ticket.id]


def test_the_index_is_sound_after_all_that(db: Session) -> None:
    if db.get_bind().dialect.name != "sqlite":
        pytest.skip("InnoDB keeps its own index")
    test_the_index_follows_every_change(db)
    for table in ("support_messages", "support_tickets", "contacts"):
        check = f"INSERT INTO search_{table}(search_{table}) VALUES ('integrity-check')"  # noqa: S608
        db.execute(text(check))
    db.commit()


NOTHING = ["", " ", "\x00", "\u0301", "\ud800", "\u200b", "%", "_%", "'", '"', "*", "-", "()", "\\", "🎉"]
INJECTIONS = [
    '"', '""', '"parcel', "parcel*", "parcel *", "*parcel", "-parcel", "parcel -wet", "+parcel -",
    "NEAR(parcel, 2)",
    "parcel AND wet", "parcel OR", "NOT parcel", "message:parcel", "{message}:parcel", "^parcel",
    "parcel) OR (1",
    "'; DROP TABLE support_tickets; --", "' OR '1'='1", "%' OR 1=1 --", "parcel%", "par_el", "parcel\x00wet",
    "@@version", "<parcel>", "~parcel", ">parcel <wet", "parcel@8", "a" * 10_000, "parcel " * 2_000,
    "🎉 parcel 🎉",
    "\u202eparcel", "ﷺ" * 50, "1e309", "0" * 5_000, "+" * 300, "#", "# ", "#-1", "\\", "par\\cel",
    "e\u0301" * 99,
]  # fmt: skip


@pytest.mark.parametrize("typed", NOTHING + INJECTIONS)
def test_no_text_does_harm(db: Session, typed: str) -> None:
    ticket = make_ticket(db, issue_description="")
    make_message(db, ticket, message="the parcel is wet, 100% of it, or par_el")
    result = search(db, typed, EVERYWHERE)
    assert isinstance(result, SearchResult)
    assert {match.ticket.id for match in result.matches} <= {ticket.id}
    if typed in NOTHING and typed not in {"%", "_%"}:
        assert result.matches == []
    assert found(db, "parcel wet") == [ticket.id]


def test_a_party_popper_is_found(db: Session) -> None:
    ticket = make_ticket(db, issue_description="")
    make_message(db, ticket, message="Thank you 🎉🎉")
    make_message(db, make_ticket(db, issue_description=""), message="Thank you 🙏")
    assert found(db, "🎉") == [ticket.id]


def test_short_and_frequent_words_are_found(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "MOST_INDEXED", 1)
    tickets = [make_ticket(db, issue_description="") for _ in range(3)]
    for ticket in tickets:
        make_message(db, ticket, message="is it ok to send the parcel to me")
    make_message(db, tickets[0], message="the giraffe is ok")
    assert set(found(db, "parcel")) == set(found(db, "ok")) == {ticket.id for ticket in tickets}
    assert found(db, "the ok giraffe") == [tickets[0].id]


def test_a_word_that_was_frequent_once_is_known_as_such(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    if db.get_bind().dialect.name == "sqlite":
        pytest.skip("FTS5 gives the newest at once, however many there are")
    monkeypatch.setattr(search_index, "SAMPLE", 15)
    monkeypatch.setattr(search_index, "MOST_INDEXED", 8)
    ticket = make_ticket(db, issue_description="")
    for number in range(45):
        make_message(
            db, ticket, message="a parcel" if number < 27 else "a lamp" if number < 43 else "a giraffe"
        )
    frequent = search_index._frequent(db, search_index.MESSAGES, ["parcel", "lamp", "giraffe"])
    assert frequent == {"parcel", "lamp"}


def test_so_many_are_shown_and_the_rest_is_owned_up_to(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make_message(db, make_ticket(db, issue_description=""), message="parcel")
    assert search(db, "parcel", EVERYWHERE).is_complete
    monkeypatch.setattr(search_index, "MOST_CANDIDATES", 2)
    result = search(db, "parcel", EVERYWHERE)
    assert (len(result.matches), result.is_complete) == (2, False)
    assert MOST_TICKETS == 50


def test_a_question_that_takes_too_long_is_given_up(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    monkeypatch.setattr(search_index, "SECONDS", 0.05)
    slow = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT MAX(x) AS id FROM n"
        if is_sqlite
        else "SELECT SLEEP(5) AS id FROM contacts"
    )
    make_contact(db)
    query = select(text("id")).select_from(text(f"({slow}) AS slow"))
    answer = search_index.ask(db, query)
    assert (answer.rows, answer.is_complete) == ([], False)
    if not is_sqlite:
        is_mariadb = getattr(db.get_bind().dialect, "is_mariadb", False)
        limit = "max_statement_time" if is_mariadb else "max_execution_time"
        assert db.scalar(text(f"SELECT @@SESSION.{limit}")) == 0
    assert found(db, "anything") == []


def test_a_snippet_shows_the_first_match_of_a_long_text() -> None:
    parts = snippet("word " * 100 + "here is the Needle in it " + "hay " * 100, parse("needle"))
    assert marked(parts).startswith("…")
    assert "[Needle] in it" in marked(parts)
    assert marked(parts).endswith("…")
    assert marked(snippet("Straße 5", parse("STRASSE"))) == "[Straße] 5"
    assert snippet("hay", parse("needle")) is None


@given(st.text(max_size=300), st.text(max_size=40))
def test_a_snippet_is_made_of_the_text_and_marks_what_was_typed(body: str, typed: str) -> None:
    terms = parse(typed)
    parts = snippet(body, terms)
    if not parts:
        return
    shown = " ".join(body.split())
    assert "".join(part.text for part in parts).strip("…") in shown or "…" in shown
    for part in parts:
        if part.is_match:
            assert any(word in fold(part.text) or fold(part.text) in word for word in terms.words)
