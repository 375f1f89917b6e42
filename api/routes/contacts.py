"""Customers: what the desk knows of them, and blocking."""

from typing import Annotated

from fastapi import Path

from api.deps import CurrentAdmin, CurrentCaller, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.contact import ContactResponse, ContactUpdate
from schemas.envelope import Success, success
from services import contact_change_service
from services.audit_service import audited

router = whole_routes("/api/support/contacts", "contacts")

ContactId = Annotated[int, Path(description="The customer's number")]


@router.get("/{contact_id}")
def get_contact(contact_id: ContactId, db: Database, _admin: CurrentAdmin) -> Success[ContactResponse]:
    """A customer, with their newest tickets."""
    return success(ContactResponse.of(contact_change_service.load(db, contact_id)))


@router.patch("/{contact_id}")
def change_contact(
    contact_id: ContactId, body: ContactUpdate, db: Database, caller: CurrentCaller
) -> Success[ContactResponse]:
    """Change what the desk knows of a customer, or block them: their messages are kept and alert nobody."""
    fields = body.model_fields_set - {"version"}
    with audited(db, caller, AuditAction.CONTACT_CHANGE, "contact", contact_id, fields):
        contact_change_service.change(db, contact_id, body.change(), actor=caller.admin, version=body.version)
    return success(ContactResponse.of(contact_change_service.load(db, contact_id)), "The customer is saved.")
