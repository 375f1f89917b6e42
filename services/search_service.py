"""Searching tickets by names, numbers and words."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.contact import Contact
from models.support_ticket import SupportMessage, SupportTicket
from services.search_index import CONTACTS, MESSAGES, TICKETS, ask, find
from services.search_text import SearchTerms, SnippetPart, parse, snippet
from services.ticket_change_service import LARGEST_ID
from services.ticket_filter import TicketFilter
from services.ticket_rows import TicketRow, read_tickets

MOST_TICKETS = 50
MOST_MATCHES = 3
"""So many messages of one ticket are shown."""

FEWEST_DIGITS_INSIDE = 4
"""Fewer digits are looked for at the beginning of numbers only."""

BY_NUMBER, BY_PERSON, BY_WORDS = range(3)


@dataclass(frozen=True)
class MatchingMessage:
    """A message that matches, and what of it does."""

    message_id: int
    sender_name: str
    occurred_at: datetime
    snippet: list[SnippetPart]


@dataclass
class TicketMatch:
    """A ticket that matches; `name`, `number` and `issue` are set where these do."""

    ticket: TicketRow
    name: list[SnippetPart] | None = None
    number: list[SnippetPart] | None = None
    issue: list[SnippetPart] | None = None
    messages: list[MatchingMessage] = field(default_factory=list)


@dataclass(frozen=True)
class SearchResult:
    """The best matches; `is_complete` unless there may be more."""

    matches: list[TicketMatch]
    is_complete: bool


@dataclass
class _Candidates:
    ranks: dict[int, int] = field(default_factory=dict)
    messages: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    is_complete: bool = True

    def add(self, ticket_id: int, rank: int) -> None:
        self.ranks[ticket_id] = min(rank, self.ranks.get(ticket_id, rank))


def search(db: Session, typed: str, ticket_filter: TicketFilter) -> SearchResult:
    """The tickets that match any text at all: by number, then by person, then by words, the newest first."""
    terms = parse(typed)
    branches = ticket_filter.branches()
    if not terms.words or not branches:
        return SearchResult([], is_complete=True)
    found = _Candidates()
    allowed = or_(*branches) if ticket_filter != TicketFilter() else None
    _by_ticket_number(db, terms, allowed, found)
    _by_phone_number(db, terms, allowed, found)
    _by_words(db, terms, allowed, found)
    chosen = _best(db, found)
    matches = [each for each in _shown(db, chosen, found, terms) if each is not None]
    return SearchResult(matches[:MOST_TICKETS], found.is_complete and len(found.ranks) <= MOST_TICKETS)


def _by_ticket_number(
    db: Session, terms: SearchTerms, allowed: ColumnElement[bool] | None, found: _Candidates
) -> None:
    if terms.ticket_id is None or not 0 < terms.ticket_id <= LARGEST_ID:
        return
    query = select(SupportTicket.id).where(SupportTicket.id == terms.ticket_id)
    for ticket_id in db.scalars(_narrowed(query, allowed)):
        found.add(ticket_id, BY_NUMBER)


def _by_phone_number(
    db: Session, terms: SearchTerms, allowed: ColumnElement[bool] | None, found: _Candidates
) -> None:
    if not terms.digits:
        return
    begins = or_(*(Contact.phone_number.startswith(start) for start in terms.number_starts))
    contacts = ask(db, select(Contact.id).where(begins))
    if not contacts.rows and len(terms.digits) >= FEWEST_DIGITS_INSIDE:
        inside = (Contact.phone_number.contains(digits) for digits in _inner_digits(terms))
        contacts = ask(db, select(Contact.id).where(or_(*inside)))
    found.is_complete &= contacts.is_complete
    _of_contacts(db, [row.id for row in contacts.rows], allowed, found)


def _by_words(
    db: Session, terms: SearchTerms, allowed: ColumnElement[bool] | None, found: _Candidates
) -> None:
    tickets = find(db, TICKETS, terms, _narrowed(select(SupportTicket.id), allowed))
    for row in tickets.rows:
        found.add(row.id, BY_WORDS)
    contacts = find(db, CONTACTS, terms, select(Contact.id))
    _of_contacts(db, [row.id for row in contacts.rows], allowed, found)
    query: Any = select(SupportMessage.id, SupportMessage.ticket_id)
    if allowed is not None:
        query = query.join(SupportTicket, SupportTicket.id == SupportMessage.ticket_id).where(allowed)
    messages = find(db, MESSAGES, terms, query)
    for row in messages.rows:
        found.add(row.ticket_id, BY_WORDS)
        found.messages[row.ticket_id].append(row.id)
    found.is_complete &= tickets.is_complete and contacts.is_complete and messages.is_complete


def _of_contacts(
    db: Session, contact_ids: list[int], allowed: ColumnElement[bool] | None, found: _Candidates
) -> None:
    if not contact_ids:
        return
    query = _narrowed(select(SupportTicket.id).where(SupportTicket.contact_id.in_(contact_ids)), allowed)
    tickets = ask(db, query.order_by(SupportTicket.id.desc()))
    found.is_complete &= tickets.is_complete
    for row in tickets.rows:
        found.add(row.id, BY_PERSON)


def _narrowed(query: Any, allowed: ColumnElement[bool] | None) -> Any:
    return query if allowed is None else query.where(allowed)


def _best(db: Session, found: _Candidates) -> list[int]:
    query = select(SupportTicket.id, SupportTicket.last_message_at)
    rows = list(db.execute(query.where(SupportTicket.id.in_(found.ranks)))) if found.ranks else []
    rows.sort(key=lambda row: (row.last_message_at, row.id), reverse=True)
    rows.sort(key=lambda row: found.ranks[row.id])
    return [row.id for row in rows[: 2 * MOST_TICKETS]]  # a few of them may only seem to match


def _shown(
    db: Session, ticket_ids: list[int], found: _Candidates, terms: SearchTerms
) -> list[TicketMatch | None]:
    if not ticket_ids:
        return []
    tickets = read_tickets(db, ticket_ids)
    wanted = [
        message_id
        for ticket_id in ticket_ids
        for message_id in sorted(found.messages[ticket_id], reverse=True)[:MOST_MATCHES]
    ]
    columns = (
        SupportMessage.id,
        SupportMessage.ticket_id,
        SupportMessage.sender_name,
        SupportMessage.occurred_at,
        SupportMessage.message,
    )
    messages: dict[int, list[Any]] = defaultdict(list)
    for row in db.execute(select(*columns).where(SupportMessage.id.in_(wanted))):
        messages[row.ticket_id].append(row)
    return [_matching(tickets[each], messages[each], found.ranks[each], terms) for each in ticket_ids]


def _matching(ticket: TicketRow, messages: list[Any], rank: int, terms: SearchTerms) -> TicketMatch | None:
    made = TicketMatch(ticket, name=snippet(ticket.sender_name, terms))
    if terms.digits and ticket.phone_number:
        made.number = _number(ticket.phone_number, terms)
    made.issue = snippet(ticket.issue_description, terms)
    for message in sorted(messages, key=lambda each: each.id, reverse=True):
        parts = snippet(message.message, terms)
        if parts is not None:
            made.messages.append(MatchingMessage(message.id, message.sender_name, message.occurred_at, parts))
    matches = made.name or made.number or made.issue or made.messages
    return made if matches or rank < BY_WORDS else None


def _inner_digits(terms: SearchTerms) -> list[str]:
    """A zero at the beginning may stand for the country code, or be a digit like others."""
    return list(dict.fromkeys([terms.digits, terms.digits.lstrip("0") or terms.digits]))


def _number(phone_number: str, terms: SearchTerms) -> list[SnippetPart] | None:
    for spelling in (*terms.number_starts, *_inner_digits(terms)):
        before, match, after = phone_number.partition(spelling)
        if match:
            parts = [(before, False), (match, True), (after, False)]
            return [SnippetPart(words, is_match) for words, is_match in parts if words]
    return None
