"""What a customer may ask of the desk about their own data: to have it, and to have it erased."""

from itertools import chain
from typing import Annotated

from fastapi import Path
from fastapi.responses import StreamingResponse

from api.deps import Allowed, Database
from api.whole_route import whole_routes
from schemas.contact_export import ContactExport, in_parts
from schemas.envelope import Success, success
from services import contact_export_service, erasure_service
from services.actor import Caller
from services.permissions import Permission

router = whole_routes("/api/support/contacts", "contacts")

ContactId = Annotated[int, Path(description="The customer's number")]


@router.get("/{contact_id}/export", response_model=Success[ContactExport])
def export_contact(
    contact_id: ContactId, db: Database, _caller: Annotated[Caller, Allowed(Permission.HAND_OVER_DATA)]
) -> StreamingResponse:
    """Everything that is kept of the customer, to be handed over to them."""
    data = contact_export_service.collect(db, contact_id)
    customer = ContactExport.of(data)
    db.rollback()  # who reads for minutes keeps SQLite from cutting its log, and others from writing
    document = in_parts(customer, contact_export_service.read_messages(data.message_ids))
    head, _, tail = success(None).model_dump_json().partition("null")
    return StreamingResponse(chain([head], document, [tail]), media_type="application/json")


@router.post("/{contact_id}/erase")
def erase_contact(
    contact_id: ContactId, db: Database, caller: Annotated[Caller, Allowed(Permission.HAND_OVER_DATA)]
) -> Success[None]:
    """Erase the customer for good: who they are, what they wrote, their files. Nothing brings it back."""
    erasure_service.erase(db, contact_id, caller)
    return success(None, "The customer is erased. What they write from now on is a new customer's.")
