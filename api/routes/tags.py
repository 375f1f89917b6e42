"""The tags of the desk."""

from typing import Annotated

from fastapi import Path

from api.deps import Allowed, CurrentAdmin, CurrentCaller, Database
from api.whole_route import whole_routes
from models.audit_entry import AuditAction
from schemas.envelope import Success, success
from schemas.tag import TagCreate, TagList, TagMerge, TagResponse, TagUpdate
from services import tag_service
from services.actor import Caller
from services.audit_service import audited
from services.permissions import Permission

router = whole_routes("/api/support/tags", "tags")

TagId = Annotated[int, Path(description="The tag's number")]


@router.get("")
def list_tags(db: Database, _admin: CurrentAdmin) -> Success[TagList]:
    """All tags by name, each with how many tickets have it."""
    return success(TagList(tags=[TagResponse.of(counted) for counted in tag_service.list_tags(db)]))


@router.post("")
def create_tag(body: TagCreate, db: Database, caller: CurrentCaller) -> Success[TagResponse]:
    """Make a tag."""
    with audited(db, caller, AuditAction.TAG_CREATE, "tag") as entry:
        tag = tag_service.create(db, body.name, body.colour)
        entry.target_id = tag.id
    return success(TagResponse.of(tag_service.CountedTag(tag, 0)), f"The tag {tag.name} is there.")


@router.patch("/{tag_id}")
def update_tag(
    tag_id: TagId, body: TagUpdate, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[TagResponse]:
    """Give a tag another name or colour; the tickets that have it follow."""
    with audited(db, caller, AuditAction.TAG_CHANGE, "tag", tag_id, body.model_fields_set):
        counted = tag_service.change(db, tag_id, name=body.name, colour=body.colour)
    return success(TagResponse.of(counted), f"The tag is called {counted.tag.name}.")


@router.post("/{tag_id}/merge")
def merge_tag(
    tag_id: TagId, body: TagMerge, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[TagResponse]:
    """Give the tickets of this tag another one instead; this one is gone then."""
    counted = tag_service.merge(db, tag_id, body.into_tag_id, caller)
    return success(TagResponse.of(counted), f"All of them have the tag {counted.tag.name} now.")


@router.delete("/{tag_id}")
def delete_tag(
    tag_id: TagId, db: Database, caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]
) -> Success[None]:
    """Take a tag off all tickets, and away."""
    tag_service.remove(db, tag_id, caller)
    return success(None, "The tag is gone.")
