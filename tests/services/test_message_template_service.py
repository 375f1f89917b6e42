from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import MessageTemplate
from services.message_template_service import (
    TemplateNotApproved,
    TemplateNotFound,
    find_sendable,
    list_templates,
    store,
)
from tests.desk import count, events
from tests.together import together
from whatsapp.templates import ListedTemplate


def listed(name: str, language: str = "en_US", **fields: Any) -> ListedTemplate:
    given: dict[str, Any] = {
        "provider_template_id": f"id-{name}-{language}",
        "status": "APPROVED",
        "category": "UTILITY",
        "quality": "GREEN",
        "reason": None,
        "components": [{"type": "BODY", "text": "Hello"}],
    }
    return ListedTemplate(name=name, language=language, **given | fields)


def names(db: Session, *statuses: str) -> list[tuple[str, str]]:
    db.expire_all()
    return [(each.name, each.language) for each in list_templates(db, statuses)]


def test_the_list_of_the_account_is_kept(db: Session) -> None:
    store(db, [listed("b"), listed("a", "en_US"), listed("a", "de", status="REJECTED", reason="TAG_CONTENT")])
    assert names(db) == [("a", "de"), ("a", "en_US"), ("b", "en_US")]
    assert names(db, "APPROVED") == [("a", "en_US"), ("b", "en_US")]
    assert names(db, "REJECTED", "PAUSED") == [("a", "de")]
    assert events(db) == [("account.updated", None, None)]


def test_a_second_list_changes_what_is_there_and_marks_what_is_gone(db: Session) -> None:
    store(db, [listed("a"), listed("b")])
    store(db, [listed("a", status="PAUSED", quality="RED", components=[]), listed("c")])
    assert names(db) == [("a", "en_US"), ("c", "en_US")]
    [paused] = list_templates(db, ["PAUSED"])
    assert (paused.quality, paused.components) == ("RED", [])
    with pytest.raises(TemplateNotApproved, match="paused"):
        find_sendable(db, "a", "en_US")
    with pytest.raises(TemplateNotFound):
        find_sendable(db, "b", "en_US")
    store(db, [listed("b")])
    assert find_sendable(db, "b", "en_US").gone_at is None
    assert count(MessageTemplate) == 3


def test_names_are_told_apart_to_the_letter(db: Session) -> None:
    store(db, [listed("promo", "en_US"), listed("Promo", "en_US"), listed("promo", "en_us")])
    assert count(MessageTemplate) == 3
    with pytest.raises(TemplateNotFound):
        find_sendable(db, "PROMO", "en_US")


def test_two_lists_at_once_are_one(db: Session) -> None:
    store(db, [listed("a")])
    found = together(4, lambda other, _number: store(other, [listed("a"), listed("b")]))
    assert [each for each in found if each is None]
    assert names(db) == [("a", "en_US"), ("b", "en_US")]
