"""Erasing one customer: everything that says who they are or what they wrote goes, and stays gone."""

import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, Text, delete, false, or_, select, text, type_coerce, update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import Session

from config.database import SQLITE_BUSY_SECONDS, transaction, utc_now
from models.account_event import AccountEvent
from models.audit_entry import AuditAction
from models.contact import Contact, ContactIdentity, IdentityKind
from models.erasure import ErasedIdentity, Erasure
from models.graph_task import GraphTask
from models.inbound_event import InboundEvent
from models.outbound_message import OutboundMessage
from models.support_ticket import MessageKind, SupportMessage, SupportTicket, TicketStatus
from realtime import ticket_counts
from realtime.events import EventKind, record
from services import audit_service, contact_service, erased_person_service, identity_service
from services.actor import COMMAND_LINE, Actor
from services.contact_change_service import find_contact
from services.contact_service import Identity
from services.message_removal_service import blank_events, blank_outbound, delete_dependants, remove
from services.ticket_lifecycle import change_status, touch

NAME = "Erased customer"
"""What stands in the place of the name. The tickets stay, so that the desk's figures stay true."""

EVENTS_AT_ONCE = 5_000
PAUSE_SECONDS = 0.02
"""Between two acts, so that whoever waits to write has their turn."""

CHECKPOINT_SECONDS = 5
"""So long an erasure waits for those who read; the log is cut by a later one otherwise."""

CHECKPOINT_WAIT_SECONDS = 0.1
"""At a time: while it waits, nobody writes."""

PAGES_AT_ONCE = 200
"""Of a search index that are put in order in one act."""

LARGEST_MADE_ANEW = 200 * 1024 * 1024
"""In bytes; nobody writes while it is made anew, which takes a second or two."""

_CHANGES = text("SELECT total_changes()")

log = structlog.get_logger()


def erase(db: Session, contact_id: int, actor: Actor = COMMAND_LINE) -> None:
    """Erase the customer. When this returns it is done; a process that dies leaves the rest to the clock.

    From the first act on, nothing that they wrote before is taken in any more. Raises ContactNotFound.
    """
    find_contact(db, contact_id)
    with transaction(db):
        contact_service.lock(db, [contact_id])
        erasure = _begin(db, contact_id, actor)
    resume(db, erasure)


def erase_unused(db: Session, contact_id: int, is_unused: ColumnElement[bool]) -> None:
    """Erase a customer of whom nothing is left; whoever writes before it is done is kept instead.

    What takes its time comes first, and then one act looks again and takes their names away.
    """
    _forget_events(db, contact_id, [value for _, value in _identities(db, contact_id)])
    with transaction(db):
        contact_service.lock(db, [contact_id])
        if db.scalar(select(Contact.id).where(Contact.id == contact_id, is_unused)) is None:
            return
        erasure = _begin(db, contact_id, COMMAND_LINE)
        _empty(db, contact_id)
    resume(db, erasure, asked=False)


def _begin(db: Session, contact_id: int, actor: Actor) -> Erasure:
    erasure = db.scalar(select(Erasure).where(Erasure.contact_id == contact_id))
    if erasure is None:
        erasure = Erasure(contact_id=contact_id, requested_at=utc_now())
        db.add(erasure)
        erased_person_service.note(db, _identities(db, contact_id), erasure.requested_at)
    audit_service.record(db, actor, AuditAction.CONTACT_ERASE, "contact", contact_id)
    return erasure


def unfinished(db: Session) -> Sequence[Erasure]:
    """Erasures that a process began and did not end."""
    return db.scalars(select(Erasure).where(Erasure.completed_at.is_(None)).order_by(Erasure.id)).all()


def begun(db: Session, contact_id: int) -> Erasure | None:
    """The customer's, if it is one of those."""
    return next((each for each in unfinished(db) if each.contact_id == contact_id), None)


def begun_under(db: Session, name: Identity) -> Erasure | None:
    """The one that began for whoever had this name, which may be gone from everywhere else by now."""
    hashed = erased_person_service.digest(name)
    at = db.scalar(select(ErasedIdentity.erased_at).where(ErasedIdentity.digest == hashed))
    return next((each for each in unfinished(db) if each.requested_at == at), None)


def resume(db: Session, erasure: Erasure, *, asked: bool = True) -> None:
    """Do all that is left of an erasure, in small acts; what is done already is found done.

    Where nobody `asked` for it, there may be many a day: too many to make the database's file anew for each.
    """
    contact_id = erasure.contact_id
    identities = _identities(db, contact_id)
    while remove(db, SupportMessage.contact_id == contact_id):
        time.sleep(PAUSE_SECONDS)
    _forget_events(db, contact_id, [value for _, value in identities])
    with transaction(db):  # at the end, since by the identities the rest is found
        contact_service.lock(db, [contact_id])
        erased_person_service.note(db, _identities(db, contact_id), erasure.requested_at)
        _empty(db, contact_id)
    if db.scalar(select(SupportMessage.id).where(SupportMessage.contact_id == contact_id).limit(1)):
        return resume(db, erasure, asked=asked)  # somebody wrote meanwhile
    _forget_in_files(db, asked)
    with transaction(db):
        db.execute(update(Erasure).where(Erasure.contact_id == contact_id).values(completed_at=utc_now()))
    log.info("contact.erased", contact_id=contact_id)
    return None


def _identities(db: Session, contact_id: int) -> list[Identity]:
    rows = select(ContactIdentity.kind, ContactIdentity.value).where(ContactIdentity.contact_id == contact_id)
    found: list[Identity] = [(row.kind, row.value) for row in db.execute(rows)]
    number = db.scalar(select(Contact.phone_number).where(Contact.id == contact_id))
    if number and (IdentityKind.PHONE, number) not in found:
        found.append((IdentityKind.PHONE, number))
    return found


def _forget_events(db: Session, contact_id: int, names: Sequence[str]) -> None:
    """Blank what webhooks brought that names the person, also what nobody could understand."""
    last = 0
    newest = db.scalar(select(InboundEvent.id).order_by(InboundEvent.id.desc()).limit(1)) or 0
    speaks_of = [InboundEvent.payload.contains(name, autoescape=True) for name in names]
    while speaks_of and last < newest:
        within = (InboundEvent.id > last, InboundEvent.id <= last + EVENTS_AT_ONCE)
        found = db.scalars(select(InboundEvent.id).where(*within, or_(*speaks_of))).all()
        db.rollback()
        if found:
            with transaction(db):
                blank_events(db, InboundEvent.id.in_(found))
        last += EVENTS_AT_ONCE
    with transaction(db):
        # by its own words: it is kept for longer than the webhook that brought it
        news = [type_coerce(AccountEvent.payload, Text).contains(name, autoescape=True) for name in names]
        db.execute(delete(AccountEvent).where(or_(false(), *news)))
        _forget_conflicts(db, contact_id)
        for task in db.scalars(select(GraphTask)):  # what is to be asked of WhatsApp in the next minutes
            if any(name in str(task.payload) for name in names):
                db.delete(task)


def _forget_conflicts(db: Session, contact_id: int) -> None:
    """Two customers with one number: the sentence that tells of it names both, in the other's thread too."""
    conflicts = select(AccountEvent).where(AccountEvent.field == identity_service.CONFLICT)
    for event in db.scalars(conflicts):
        if contact_id not in event.payload.get("contacts", []):
            continue
        others = [each for each in event.payload["contacts"] if each != contact_id]
        rows = select(SupportMessage).where(
            SupportMessage.contact_id.in_(others), SupportMessage.kind == MessageKind.ACTIVITY
        )
        for row in db.scalars(rows):
            if contact_id in (row.payload or {}).get("contacts", []):
                row.message = "WhatsApp gave this customer the number or id of another, who has been erased."
                row.payload = {"activity": "identity"}
        db.delete(event)


def _empty(db: Session, contact_id: int) -> None:
    now = utc_now()
    contact = db.get_one(Contact, contact_id, populate_existing=True)
    tickets = db.scalars(
        select(SupportTicket)
        .where(SupportTicket.contact_id == contact_id)
        .execution_options(populate_existing=True)
    ).all()
    for ticket in tickets:
        if ticket.live_contact_id is not None:
            ticket_counts.watch(db, ticket)
        _empty_ticket(ticket, now)
        record(db, EventKind.TICKET_UPDATED, ticket.id)
    if tickets:  # pages that show what they wrote ask again, and find nothing
        record(db, EventKind.CONTACT_UPDATED, max(ticket.id for ticket in tickets))
    db.flush()
    delete_dependants(db, SupportTicket.__table__, [ticket.id for ticket in tickets])
    delete_dependants(db, Contact.__table__, [contact_id])
    db.expire_all()
    outbound = select(OutboundMessage.id).where(OutboundMessage.contact_id == contact_id)
    blank_outbound(db, db.scalars(outbound).all())
    contact.name = contact.profile_name = contact.language = contact.timezone = ""
    contact.phone_number = contact.username = contact.note = contact.blocked_at = None


def _empty_ticket(ticket: SupportTicket, now: datetime) -> None:
    change_status(ticket, TicketStatus.CLOSED, now)  # where nobody writes any more
    ticket.phone_number, ticket.sender_name = None, NAME
    ticket.issue_description = ticket.last_message_preview = ""
    ticket.unread_count = 0
    touch(ticket, now)


def _forget_in_files(db: Session, asked: bool) -> None:
    """What the database keeps beside its tables. MariaDB and MySQL use such pages again by themselves."""
    if db.get_bind().dialect.name != "sqlite":
        return
    indexes = db.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%'")
    ).all()
    for name in indexes:
        _put_in_order(db, name)
    db.rollback()
    raw = db.get_bind().engine.raw_connection()
    try:
        if asked:
            _make_anew(raw.cursor())
        # what is overwritten in the database is still in the log of its writes
        raw.cursor().execute(f"PRAGMA busy_timeout={CHECKPOINT_WAIT_SECONDS * 1000:.0f}")
        until = time.monotonic() + CHECKPOINT_SECONDS
        while raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > until:
                break
            time.sleep(CHECKPOINT_WAIT_SECONDS)
    finally:
        raw.cursor().execute(f"PRAGMA busy_timeout={SQLITE_BUSY_SECONDS * 1000}")
        raw.close()


def _make_anew(cursor: DBAPICursor) -> None:
    """SQLite overwrites a row where it is, but not where it was before its pages were put in order."""
    cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
    [(size,)] = cursor.fetchall()
    if size > LARGEST_MADE_ANEW:
        log.warning("erasure.remains_in_file", largest=LARGEST_MADE_ANEW)
        return
    try:
        cursor.execute("VACUUM")
    except sqlite3.OperationalError as error:  # no room for a second one, or somebody writes for very long
        log.warning("erasure.remains_in_file", exc_info=error)


def _put_in_order(db: Session, index: str) -> None:
    """Until then, a word that was deleted stays in a search index (sqlite.org/fts5.html, "merge")."""
    step = text(f'INSERT INTO "{index}"("{index}", rank) VALUES (\'merge\', :pages)')  # noqa: S608 - a name of ours
    pages = -PAGES_AT_ONCE  # the first time: begin with all that there is
    while True:
        with transaction(db):
            before = db.scalar(_CHANGES) or 0
            db.execute(step, {"pages": pages})
            changes = (db.scalar(_CHANGES) or 0) - before
        if changes < 2:
            return
        pages = PAGES_AT_ONCE
        time.sleep(PAUSE_SECONDS)
