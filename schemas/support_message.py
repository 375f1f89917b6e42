"""What the doors give of a row of a thread, with its ticks, its file and its reactions."""

from typing import Any

from pydantic import BaseModel

from models.media_file import MediaFile, MediaState
from models.outbound_message import DeliveryState, OutboundMessage
from models.support_ticket import MessageKind, SenderType, SupportMessage
from schemas.fields import Utc
from services.thread_rows import ThreadRow


class DeliveryError(BaseModel):
    """Why a message did not arrive, in plain words; the code is WhatsApp's."""

    code: int | None
    text: str


class Delivery(BaseModel):
    """The ticks of a message. `dismissed_at` is when somebody decided not to send an unknown one again."""

    state: DeliveryState
    error: DeliveryError | None
    sent_at: Utc | None
    delivered_at: Utc | None
    read_at: Utc | None
    dismissed_at: Utc | None

    @classmethod
    def of(cls, outbound: OutboundMessage) -> "Delivery":
        """What became of the message."""
        error = None
        if outbound.error_detail:
            error = DeliveryError(code=outbound.error_code, text=outbound.error_detail)
        return cls(
            state=DeliveryState(outbound.state),
            error=error,
            sent_at=outbound.sent_at,
            delivered_at=outbound.delivered_at,
            read_at=outbound.read_at,
            dismissed_at=outbound.dismissed_at,
        )


class Media(BaseModel):
    """A file of a message. The addresses are for signed-in admins; null where there is nothing yet."""

    id: int
    kind: str
    mime_type: str
    filename: str | None
    size: int | None
    width: int | None
    height: int | None
    duration_ms: int | None
    state: MediaState
    error: str | None
    url: str | None
    thumbnail_url: str | None
    playable_url: str | None

    @classmethod
    def of(cls, media: MediaFile) -> "Media":
        """The file and where its forms are."""
        base = f"/api/support/media/{media.id}"
        columns = ("id", "kind", "mime_type", "filename", "size", "width", "height", "duration_ms", "error")
        return cls(
            **{name: getattr(media, name) for name in columns},
            state=MediaState(media.state),
            url=base if media.storage_key else None,
            thumbnail_url=f"{base}/thumbnail" if media.thumbnail_key else None,
            playable_url=f"{base}/playable" if media.playable_key else None,
        )


class Reaction(BaseModel):
    """An emoji on a message. `delivery` is there for one that goes to the customer's phone."""

    sender_type: SenderType
    sender_name: str
    emoji: str
    delivery: Delivery | None

    @classmethod
    def all_of(cls, message: SupportMessage | ThreadRow) -> "list[Reaction]":
        """Those that stand on the message, without what was taken back."""
        return [
            cls(
                sender_type=SenderType(each.sender_type),
                sender_name=each.sender_name,
                emoji=each.emoji,
                delivery=Delivery.of(each.outbound) if each.outbound else None,
            )
            for each in message.reactions
            if each.emoji
        ]


class SupportMessageSchema(BaseModel):
    """A row of the thread. `delivery` is there for what goes to the customer's phone.

    `earlier_attempts` are those that failed before it was sent again, oldest first. Of what its sender
    deleted, only that it was there is shown.
    """

    id: int
    ticket_id: int
    phone_number_id: str | None
    sender_type: SenderType
    sender_name: str
    message: str
    kind: MessageKind
    payload: dict[str, Any] | None
    created_at: Utc
    occurred_at: Utc
    client_id: str | None
    reply_to_id: int | None
    edited_at: Utc | None
    original_message: str | None
    revoked_at: Utc | None
    media: Media | None
    reactions: list[Reaction]
    delivery: Delivery | None
    earlier_attempts: list[Delivery]

    @classmethod
    def of(cls, message: SupportMessage | ThreadRow) -> "SupportMessageSchema":
        """The row with all that belongs to it."""
        earlier: list[Delivery] = []
        attempt = message.outbound.retry_of if message.outbound else None
        while attempt is not None:
            earlier.insert(0, Delivery.of(attempt))
            attempt = attempt.retry_of
        columns = {name: getattr(message, name) for name in MESSAGE_COLUMNS}
        if message.revoked_at is not None:
            columns |= {"message": "", "original_message": None, "payload": None}
        return cls.model_construct(
            **columns,
            sender_type=SenderType(message.sender_type),
            kind=MessageKind(message.kind),
            media=Media.of(message.media) if message.media and message.revoked_at is None else None,
            reactions=Reaction.all_of(message),
            delivery=Delivery.of(message.outbound) if message.outbound else None,
            earlier_attempts=earlier,
        )


MESSAGE_COLUMNS = frozenset(SupportMessageSchema.model_fields) - {
    "sender_type",
    "kind",
    "media",
    "reactions",
    "delivery",
    "earlier_attempts",
}
