"""Answering customers: messages of every kind, sent again, reactions, and the sign that somebody types."""

from typing import Annotated

from fastapi import Path, Query

from api.deps import CurrentAdmin, CurrentCaller, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from models.support_ticket import SenderType
from schemas.envelope import Success, success
from schemas.note import NoteCreate
from schemas.reply import Nothing, ReactionRequest, ReplyCreate
from schemas.support_message import SupportMessageSchema
from services import desk_reaction_service, graph_task_service, note_service, reply_service, retry_service
from services.audit_service import audited
from services.errors import DeskError
from services.reply_service import Author
from services.support_service import SupportService

router = whole_routes("/api/support/tickets/{ticket_id}", "messages")

TicketId = Annotated[int, Path(description="The ticket's number")]
MessageId = Annotated[int, Path(description="The number of a message in the ticket's thread")]


class OnlyWords(DeskError):
    """What is not sent has no form but its words."""

    code = "only_words"

    def __init__(self) -> None:
        super().__init__("Only an admin's message can be more than words.")


@router.post("/messages")
def add_message(
    ticket_id: TicketId,
    body: ReplyCreate,
    db: Database,
    caller: CurrentCaller,
    sender_type: Annotated[str, Query(max_length=20)] = "admin",
) -> Success[SupportMessageSchema]:
    """Put a message on a ticket; an admin's goes to the customer's WhatsApp.

    What the customer said elsewhere (`user`) is noted down by its words alone, and so is the bot's.
    """
    admin = caller.admin
    client_id = str(body.client_id) if body.client_id else None
    with audited(db, caller, AuditAction.MESSAGE_CREATE, "message") as entry:
        if sender_type == SenderType.ADMIN:
            author = Author(SenderType.ADMIN, admin.name, admin.id)
            message = reply_service.add(
                db,
                ticket_id,
                author,
                body.draft(),
                client_id=client_id,
                reply_to_id=body.reply_to_id,
                last_seen_message_id=body.last_seen_message_id,
            )
        elif not body.is_plain:
            raise OnlyWords
        else:
            is_theirs = sender_type == SenderType.USER
            message = SupportService.add_message(
                db,
                ticket_id,
                sender_type,
                "" if is_theirs else admin.name,
                body.message,
                client_id=client_id,
                admin_id=None if is_theirs else admin.id,
            )
        entry.target_id = message.id
    goes_out = sender_type == SenderType.ADMIN
    told = "The message is on its way." if goes_out else "The message is in the ticket."
    return success(SupportMessageSchema.of(message), told)


@router.post("/notes")
def add_note(
    ticket_id: TicketId, body: NoteCreate, db: Database, caller: CurrentCaller
) -> Success[SupportMessageSchema]:
    """Put a note on a ticket for the people at the desk. It is never sent."""
    client_id = str(body.client_id) if body.client_id else None
    with audited(db, caller, AuditAction.NOTE_CREATE, "message") as entry:
        row = note_service.add(db, ticket_id, caller.admin, body.message, client_id=client_id)
        entry.target_id = row.id
    return success(SupportMessageSchema.of(row), "The note is on the ticket.")


@router.post("/messages/{message_id}/retry")
def retry(
    ticket_id: TicketId, message_id: MessageId, _body: Nothing, db: Database, caller: CurrentCaller
) -> Success[SupportMessageSchema]:
    """Send a message again that failed, or that may not have been sent."""
    with audited(db, caller, AuditAction.MESSAGE_RETRY, "message", message_id):
        message = retry_service.retry(db, ticket_id, message_id)
    return success(SupportMessageSchema.of(message), "The message is on its way again.")


@router.post("/messages/{message_id}/dismiss")
def dismiss(
    ticket_id: TicketId, message_id: MessageId, _body: Nothing, db: Database, caller: CurrentCaller
) -> Success[SupportMessageSchema]:
    """Decide that a message that may have been sent is not sent again."""
    with audited(db, caller, AuditAction.MESSAGE_DISMISS, "message", message_id):
        message = retry_service.dismiss(db, ticket_id, message_id)
    return success(SupportMessageSchema.of(message), "The message is not sent again.")


@router.put("/messages/{message_id}/reaction")
def react(
    ticket_id: TicketId, message_id: MessageId, body: ReactionRequest, db: Database, caller: CurrentCaller
) -> Success[SupportMessageSchema]:
    """Put an emoji on a customer's message; an empty one takes it back."""
    with audited(db, caller, AuditAction.MESSAGE_REACT, "message", message_id):
        message = desk_reaction_service.react(db, ticket_id, message_id, body.emoji, caller.admin.name)
    return success(SupportMessageSchema.of(message))


@router.post("/typing")
def show_typing(ticket_id: TicketId, _body: Nothing, db: Database, _admin: CurrentAdmin) -> Success[None]:
    """Show the customer for a while that somebody writes."""
    graph_task_service.show_typing(db, ticket_id)
    return success(None)
