"""The calls beside messages, and what becomes of their answers."""

from typing import Any

from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import get_settings
from models.graph_task import GraphTaskKind
from services import message_template_service, self_test_service
from services.self_test_service import Findings, Trouble
from whatsapp.client import CallFailed, WhatsAppClient
from whatsapp.errors import ErrorClass
from whatsapp.payloads import as_object
from whatsapp.templates import ListedTemplate, parse
from worker import graph_store
from worker.graph_store import Task
from worker.outbox_database import DatabaseThread

TEMPLATE_FIELDS = "id,name,language,status,category,components,quality_score,rejected_reason,parameter_format"
TEMPLATES_A_PAGE = 100
MOST_PAGES = 100
"""More templates than any account may have; the end of a list that would never end."""

NUMBER_FIELDS = (
    "verified_name,display_phone_number,quality_rating,throughput,name_status,code_verification_status,"
    "account_mode,whatsapp_business_manager_messaging_limit"
)


async def make(task: Task, client: WhatsAppClient, database: DatabaseThread) -> None:
    """Make the task's call and keep its answer. Raises CallFailed."""
    match task.kind:
        case GraphTaskKind.MARK_READ:
            await client.mark_read(task.phone_number_id, task.payload["message_id"])
        case GraphTaskKind.TYPING:
            await client.mark_read(task.phone_number_id, task.payload["message_id"], typing=True)
        case GraphTaskKind.SYNC_TEMPLATES:
            await database.run(_store_templates, await _templates(client))
        case GraphTaskKind.CHECK_NUMBER:
            number, problems = await _health(client, task.phone_number_id)
            await database.run(graph_store.store_health, number, problems)
        case GraphTaskKind.SELF_TEST:
            await database.run(self_test_service.store, await _self_test(client, task.phone_number_id))
        case GraphTaskKind.FOLLOW_BLOCK:
            block = await database.run(graph_store.find_block, task.payload["contact_id"])
            if block is not None:
                await client.set_blocked(task.phone_number_id, block.user, block.blocked)


async def _templates(client: WhatsAppClient) -> list[ListedTemplate]:
    """All pages. The next one is asked for by its cursor: the address that Graph gives holds the token."""
    account = get_settings().whatsapp_business_account_id
    found: list[ListedTemplate] = []
    after: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        page = await client.fetch(
            f"{account}/message_templates", fields=TEMPLATE_FIELDS, limit=str(TEMPLATES_A_PAGE), **after
        )
        if not isinstance(page.get("data"), list):  # the templates are not gone because of that
            raise CallFailed(ErrorClass.RETRY, None, "A page without a list of templates")
        found += [each for each in map(parse, page["data"]) if each]
        paging = as_object(page.get("paging"))
        cursor = as_object(paging.get("cursors")).get("after")
        if not paging.get("next") or not isinstance(cursor, str):
            break
        after = {"after": cursor}
    return found


def _store_templates(db: Session, found: list[ListedTemplate]) -> None:
    with transaction(db):
        message_template_service.store(db, found)
        graph_store.note_done(db, GraphTaskKind.SYNC_TEMPLATES)


async def _health(client: WhatsAppClient, phone_number_id: str) -> tuple[dict[str, Any], list[str]]:
    """How the number is doing, and what WhatsApp says is wrong with the account."""
    number = await client.fetch(phone_number_id, fields=NUMBER_FIELDS)
    account = get_settings().whatsapp_business_account_id
    health: dict[str, Any] = {}
    if account:
        health = as_object((await client.fetch(account, fields="health_status")).get("health_status"))
    told = {
        "phone_number_id": phone_number_id,
        "display_phone_number": _text(number.get("display_phone_number")),
        "verified_name": _text(number.get("verified_name")),
        "quality_rating": _text(number.get("quality_rating")),
        "throughput": _text(as_object(number.get("throughput")).get("level")),
        "messaging_limit": _text(number.get("whatsapp_business_manager_messaging_limit")),
        "status": _text(health.get("can_send_message")) or _text(number.get("account_mode")),
        "checked_at": utc_now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return told, _problems(health)


async def _self_test(client: WhatsAppClient, phone_number_id: str) -> Findings:
    """What WhatsApp says of the number and the app. A refusal is an answer, too, and so is silence."""
    findings = Findings()
    try:
        number = await client.fetch(phone_number_id, fields=NUMBER_FIELDS)
        names = ("display_phone_number", "verified_name", "quality_rating", "name_status")
        findings.number = {name: _text(number.get(name)) for name in names}
        findings.number["verification"] = _text(number.get("code_verification_status"))
        findings.number["mode"] = _text(number.get("account_mode"))
    except CallFailed as error:
        findings.number_error = Trouble(error.code, str(error))
    account = get_settings().whatsapp_business_account_id
    if account:
        try:
            apps = await client.fetch(f"{account}/subscribed_apps")
            findings.subscribed = bool(_list(apps.get("data")))
        except CallFailed as error:
            findings.subscribed_error = Trouble(error.code, str(error))
    return findings


def _problems(health: dict[str, Any]) -> list[str]:
    """What is wrong and what helps, in WhatsApp's own words."""
    found = []
    for entity in _list(health.get("entities")):
        for error in _list(as_object(entity).get("errors")):
            parts = (as_object(error).get(name) for name in ("error_description", "possible_solution"))
            found.append(" ".join(filter(None, map(_text, parts))))
    return list(dict.fromkeys(filter(None, found)))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
