"""Answers that the desk gives often: kept, changed and checked. The composer fills in their blanks."""

import re
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models.canned_reply import CannedReply
from realtime.events import EventKind, record
from services.errors import DeskError
from services.message_text import MAX_REPLY_LENGTH, checked
from services.ticket_change_service import LARGEST_ID
from whatsapp.values import clean_text

VARIABLES = ("contact.first_name", "contact.name", "agent.name", "ticket.id", "business.name")
LONGEST_TITLE = 120

_BLANK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SHORTCUT = re.compile(r"[^\W_][\w-]{0,39}")


class CannedReplyNotFound(DeskError):
    """There is no canned reply of that id."""

    status = 404
    code = "canned_reply_not_found"

    def __init__(self, reply_id: int) -> None:
        super().__init__(f"There is no canned reply {reply_id}.")


class ShortcutTaken(DeskError):
    """A shortcut leads to one text."""

    status = 409
    code = "shortcut_taken"

    def __init__(self, shortcut: str) -> None:
        super().__init__(
            f"Another canned reply has the shortcut /{shortcut}.",
            details=[("shortcut", "This shortcut is taken.")],
        )


class CannedReplyChanged(DeskError):
    """Somebody else changed it after the caller looked."""

    status = 409
    code = "canned_reply_changed"

    def __init__(self) -> None:
        super().__init__("Somebody changed this canned reply meanwhile. Look at it again, then decide.")


class WrongCannedReply(DeskError):
    """A field is not as it must be; `details` name the field."""

    code = "wrong_canned_reply"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, details=[(field, message)])


class UnknownVariable(DeskError):
    """The text has a blank that nothing fills."""

    code = "unknown_variable"

    def __init__(self, name: str) -> None:
        known = ", ".join(f"{{{{{each}}}}}" for each in VARIABLES)
        message = f"There is no variable {name[:60]!r}; use {known}."
        super().__init__(message, details=[("text", message)])


@dataclass(frozen=True)
class CannedText:
    """What is kept of a canned reply, as somebody typed it."""

    shortcut: str
    title: str
    text: str

    def checked(self) -> "CannedText":
        """The same as it is stored. Raises what is wrong with it."""
        shortcut = clean_text(self.shortcut).strip().removeprefix("/").lower()
        if not _SHORTCUT.fullmatch(shortcut):
            raise WrongCannedReply(
                "shortcut", "A shortcut has 1 to 40 letters, digits, hyphens and underscores."
            )
        title = " ".join(clean_text(self.title).split())
        if not 0 < len(title) <= LONGEST_TITLE:
            raise WrongCannedReply("title", f"A title has 1 to {LONGEST_TITLE} characters.")
        text = checked(clean_text(self.text), MAX_REPLY_LENGTH)
        for name in _BLANK.findall(text):
            if name not in VARIABLES:
                raise UnknownVariable(name)
        if "{{" in (rest := _BLANK.sub("", text)) or "}}" in rest:
            raise WrongCannedReply("text", "A variable stands between {{ and }}; one of the two is missing.")
        return CannedText(shortcut, title, text)


def list_all(db: Session) -> list[CannedReply]:
    """All of them, by their shortcuts."""
    return list(db.scalars(select(CannedReply).order_by(CannedReply.shortcut)))


def create(db: Session, wanted: CannedText) -> CannedReply:
    """Keep a new one. Raises ShortcutTaken, and what is wrong with the text."""
    fields = wanted.checked()
    row = CannedReply(shortcut=fields.shortcut, title=fields.title, text=fields.text)
    try:
        with transaction(db):
            db.add(row)
            db.flush()
            record(db, EventKind.ACCOUNT_UPDATED)
    except IntegrityError as error:
        raise ShortcutTaken(fields.shortcut) from error
    return row


def change(db: Session, reply_id: int, version: int, wanted: CannedText) -> CannedReply:
    """Change one that nobody changed since `version`.

    Raises CannedReplyNotFound, CannedReplyChanged, ShortcutTaken, and what is wrong with the text.
    """
    fields = wanted.checked()
    try:
        with transaction(db):
            row = _find(db, reply_id)
            taken = db.connection().execute(
                update(CannedReply)
                .where(CannedReply.id == reply_id, CannedReply.version == version)
                .values(
                    shortcut=fields.shortcut,
                    title=fields.title,
                    text=fields.text,
                    version=version + 1,
                    updated_at=utc_now(),
                )
            )
            if not taken.rowcount:
                raise CannedReplyChanged
            db.refresh(row)
            record(db, EventKind.ACCOUNT_UPDATED)
    except IntegrityError as error:
        raise ShortcutTaken(fields.shortcut) from error
    return row


def remove(db: Session, reply_id: int) -> None:
    """Take one away; what was sent with it stays as it is. Raises CannedReplyNotFound."""
    with transaction(db):
        _find(db, reply_id)
        db.execute(delete(CannedReply).where(CannedReply.id == reply_id))
        record(db, EventKind.ACCOUNT_UPDATED)


def _find(db: Session, reply_id: int) -> CannedReply:
    found = db.get(CannedReply, reply_id) if 0 < reply_id <= LARGEST_ID else None
    if found is None:
        raise CannedReplyNotFound(reply_id)
    return found
