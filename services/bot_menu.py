"""The bot's menu as WhatsApp's interactive list. Its limits are in the Cloud API's reference."""

from typing import Any

from services.bot_texts import text
from services.conversation_service import Choice


def interactive_menu(body: str, reopenable: int | None) -> dict[str, Any]:
    """The `interactive` object of a list message. With `reopenable`, its first row continues that ticket."""
    rows = [
        _row(choice, f"menu.{choice}") for choice in (Choice.CHAT_SUPPORT, Choice.HOW_IT_WORKS, Choice.SAFETY)
    ]
    if reopenable is not None:
        rows.insert(0, _row(f"{Choice.REOPEN}:{reopenable}", "menu.reopen", ticket=reopenable))
    return {
        "type": "list",
        "body": {"text": body},
        "action": {"button": text("menu.button"), "sections": [{"rows": rows}]},
    }


def _row(row_id: str, key: str, **values: object) -> dict[str, str]:
    return {"id": row_id, "title": text(key, **values), "description": text(f"{key}.hint")}
