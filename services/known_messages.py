"""The rows that a batch of messages speaks of: quoted, changed, or here already from another stream."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, inspect, select
from sqlalchemy.orm import Session

from config.conditions import by_index
from models.support_ticket import MessageKind, SupportMessage
from whatsapp.incoming import IncomingMessage

_WAMIDS: BindParameter[Any] = bindparam("wamids", expanding=True)
# put in order here: asked for that as well, a database may read the whole table in its order
_NAMED = by_index(
    select(SupportMessage).where(SupportMessage.wamid.in_(_WAMIDS)),
    SupportMessage,
    "ix_support_messages_wamid",
)
_WAITING = by_index(
    select(SupportMessage).where(
        SupportMessage.reply_to_wamid.in_(_WAMIDS), SupportMessage.kind == MessageKind.OTHER
    ),
    SupportMessage,
    "ix_support_messages_reply_to_wamid",
)


class KnownMessages:
    """Rows by WhatsApp's id, and rows that say what was done to a message that had not come yet."""

    def __init__(self, db: Session, messages: Sequence[IncomingMessage]) -> None:
        self._rows: dict[str, list[SupportMessage]] = defaultdict(list)
        self._waiting: dict[str, list[SupportMessage]] = defaultdict(list)
        self._quotes: list[tuple[SupportMessage, SupportMessage]] = []
        own = {message.wamid for message in messages}
        quoted = {message.quoted_wamid for message in messages if message.quoted_wamid}
        targets = {message.change.target for message in messages if message.change}
        for row in _in_order(db.scalars(_NAMED, {"wamids": list(own | quoted | targets)})):
            self._rows[str(row.wamid)].append(row)
        for row in _in_order(db.scalars(_WAITING, {"wamids": list(own | targets)})):
            self._waiting[str(row.reply_to_wamid)].append(row)

    def find(self, wamid: str | None, contact_id: int) -> SupportMessage | None:
        """The newest row of this id in the contact's timeline."""
        theirs = (row for row in reversed(self._rows.get(wamid or "", [])) if row.contact_id == contact_id)
        return next(theirs, None)

    def add(self, row: SupportMessage, quote: SupportMessage | None, waits: bool) -> None:
        """A row of this batch; it `waits` where it changes a message that has not come yet."""
        if quote is not None and inspect(quote).transient:
            self._quotes.append((row, quote))
        self._rows[str(row.wamid)].append(row)
        if waits:
            self._waiting[str(row.reply_to_wamid)].append(row)

    def quotes_within(self) -> Sequence[tuple[SupportMessage, SupportMessage]]:
        """Rows of this batch, each with the row that it quotes and that had no id before it was inserted."""
        return self._quotes

    def waiting_for(self, wamid: str, contact_id: int) -> Sequence[SupportMessage]:
        """What was done to the contact's message of this id before it came, or without its coming."""
        return [each for each in self._waiting[wamid] if each.contact_id == contact_id]


def _in_order(rows: Iterable[SupportMessage]) -> list[SupportMessage]:
    return sorted(rows, key=lambda row: row.id)
