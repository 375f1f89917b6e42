"""What a customer may ask of the desk about their own data: to have it, and to have it erased."""

from typing import Annotated

from fastapi import Path

from api.deps import Allowed, Database
from api.whole_route import whole_routes
from schemas.contact_export import ContactExport
from schemas.envelope import Success, success
from services import contact_export_service, erasure_service
from services.actor import Caller
from services.permissions import Permission

router = whole_routes("/api/support/contacts", "contacts")

ContactId = Annotated[int, Path(description="The customer's number")]


@router.get("/{contact_id}/export")
def export_contact(
    contact_id: ContactId, db: Database, _caller: Annotated[Caller, Allowed(Permission.HAND_OVER_DATA)]
) -> Success[ContactExport]:
    """Everything that is kept of the customer, to be handed over to them."""
    return success(ContactExport.of(contact_export_service.collect(db, contact_id)))


@router.post("/{contact_id}/erase")
def erase_contact(
    contact_id: ContactId, db: Database, caller: Annotated[Caller, Allowed(Permission.HAND_OVER_DATA)]
) -> Success[None]:
    """Erase the customer for good: who they are, what they wrote, their files. Nothing brings it back."""
    erasure_service.erase(db, contact_id, caller)
    return success(None, "The customer is erased. What they write from now on is a new customer's.")
