"""Figures for Prometheus."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select

from api.deps import Allowed, Database
from api.errors import ERROR_RESPONSES
from api.metrics import EVENT_STREAMS, INBOX_EVENTS, OUTBOX_MESSAGES
from models.inbound_event import InboundEvent, InboundState
from models.outbound_message import DeliveryState, OutboundMessage
from services.actor import Caller
from services.permissions import Permission

router = APIRouter(tags=["metrics"], responses=ERROR_RESPONSES)

UNDONE = (InboundState.PENDING, InboundState.QUARANTINED)
UNDELIVERED = (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.UNKNOWN, DeliveryState.FAILED)


@router.get("/metrics", response_class=Response)
def metrics(
    request: Request, db: Database, _caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Response:
    """Prometheus' text format; give the scraper an API token.

    States that rows end in are not counted, nor is a message that somebody decided not to send again.
    """
    inbox = select(InboundEvent.state, func.count()).where(InboundEvent.state.in_(UNDONE))
    outbox = select(OutboundMessage.state, func.count()).where(
        OutboundMessage.state.in_(UNDELIVERED), OutboundMessage.dismissed_at.is_(None)
    )
    waiting = dict(db.execute(inbox.group_by(InboundEvent.state)).all())
    under_way = dict(db.execute(outbox.group_by(OutboundMessage.state)).all())
    EVENT_STREAMS.set(request.app.state.event_tail.listeners)
    for undone in UNDONE:
        INBOX_EVENTS.labels(undone).set(waiting.get(undone, 0))
    for undelivered in UNDELIVERED:
        OUTBOX_MESSAGES.labels(undelivered).set(under_way.get(undelivered, 0))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
