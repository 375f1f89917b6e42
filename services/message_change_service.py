"""Reactions, edits and deletions, on the rows that they are about. They may come late and in any order."""

from collections.abc import Sequence
from datetime import datetime

from models.message_reaction import MessageReaction
from models.support_ticket import MessageKind, SenderType, SupportMessage, SupportTicket
from services.ticket_lifecycle import touch
from services.ticket_timeline import count_answer, preview
from whatsapp.incoming_changes import Edit, MessageChange, Reaction, Revoke

EDITABLE = frozenset(
    {MessageKind.TEXT, MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.AUDIO, MessageKind.DOCUMENT}
)


def concerns(row: SupportMessage, change: MessageChange, *, by_customer: bool) -> bool:
    """Whether this can be done to the row: nobody changes or deletes what the other side wrote."""
    if isinstance(change, Reaction):
        return True
    own = (row.sender_type == SenderType.USER) == by_customer
    return own and (row.kind in EDITABLE or not isinstance(change, Edit))


def apply(
    row: SupportMessage,
    change: MessageChange,
    at: datetime,
    sender: tuple[SenderType, str],
    live: SupportTicket | None,
    now: datetime,
) -> bool:
    """Do it, unless something newer was done; whether anything is different now.

    `live` is the customer's live ticket: a customer's reaction on a message of it counts as an answer.
    """
    if isinstance(change, Reaction):
        if not _react(row, change.emoji, at, sender):
            return False
        answered = live is not None and row.ticket is live and sender[0] is SenderType.USER
        if live is not None and answered and change.emoji:
            count_answer(live, now)
            if at >= live.last_message_at:
                live.last_message_at, live.last_message_preview = at, f"Reacted with {change.emoji}"
            touch(live, now)
        return True
    before = (preview(row), row.message)
    if isinstance(change, Edit):
        if row.edited_at is not None and at < row.edited_at:
            return False
        row.original_message = row.message if row.edited_at is None else row.original_message
        row.message, row.edited_at = change.text, at
    elif row.revoked_at is None:
        row.revoked_at = at
    else:
        return False
    _show_on_ticket(row, before, now)
    return True


def delete_notes(
    change: MessageChange, at: datetime, notes: Sequence[SupportMessage], *, by_customer: bool, now: datetime
) -> list[SupportMessage]:
    """Of a deleted message, also what was noted of its edits, which came before it or without it.

    `notes` are those about the message; the deletion is the change or among them. Gives what is different.
    """
    own = [each for each in notes if (each.sender_type == SenderType.USER) == by_customer]
    deleted = [each.occurred_at for each in own if (each.payload or {}).get("type") == "revoke"]
    if isinstance(change, Revoke):
        deleted.append(at)
    edits = [each for each in own if (each.payload or {}).get("type") == "edit"] if deleted else []
    whose = (SenderType.USER if by_customer else SenderType.ADMIN, "")
    return [each for each in edits if apply(each, Revoke(change.target), deleted[-1], whose, None, now)]


def _react(row: SupportMessage, emoji: str, at: datetime, sender: tuple[SenderType, str]) -> bool:
    sender_type, name = sender
    present = next((each for each in row.reactions if each.sender_type == sender_type), None)
    if present is not None and at < present.occurred_at:
        return False
    if present is None:
        present = MessageReaction(sender_type=sender_type)
        row.reactions.append(present)
    present.emoji, present.sender_name, present.occurred_at, present.outbound_id = emoji, name, at, None
    return True


def _show_on_ticket(row: SupportMessage, before: tuple[str, str], now: datetime) -> None:
    """What stood in the list of tickets for the old words gives way to the new ones."""
    ticket = row.ticket
    if ticket is None:
        return
    shown, words = before
    if ticket.last_message_preview == shown and ticket.last_message_at == row.occurred_at:
        ticket.last_message_preview = preview(row)
    if words and ticket.issue_description == words:
        ticket.issue_description = "" if row.revoked_at is not None else row.message
    touch(ticket, now)
