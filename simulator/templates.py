"""The message templates of the business account, with what Meta's reviewers think of them."""

import re
from typing import Any, Literal

from pydantic import BaseModel, Field

TemplateStatus = Literal["APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED"]
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class MessageTemplate(BaseModel):
    """A template as Graph lists it; `components` in Meta's own form."""

    id: str
    name: str
    language: str = "en_US"
    status: TemplateStatus = "APPROVED"
    category: Literal["UTILITY", "MARKETING", "AUTHENTICATION"] = "UTILITY"
    rejected_reason: str = Field(default="NONE", description="NONE unless it is rejected.")
    quality: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"] = "GREEN"
    components: list[dict[str, Any]]

    def component(self, kind: str) -> dict[str, Any]:
        """The HEADER, BODY, FOOTER or BUTTONS; empty where there is none."""
        return next((part for part in self.components if part["type"] == kind), {})

    def variables(self, kind: str) -> list[str]:
        """The names in a header or body, in Graph's order: numbers counted up, words as they come."""
        names = list(dict.fromkeys(PLACEHOLDER.findall(self.component(kind).get("text", ""))))
        return sorted(names, key=int) if all(name.isdecimal() for name in names) else names

    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons, in order."""
        buttons: list[dict[str, Any]] = self.component("BUTTONS").get("buttons", [])
        return buttons

    def listed(self) -> dict[str, Any]:
        """As Graph lists it."""
        positional = all(name.isdecimal() for kind in ("HEADER", "BODY") for name in self.variables(kind))
        return {
            "name": self.name,
            "parameter_format": "POSITIONAL" if positional else "NAMED",
            "components": self.components,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "rejected_reason": self.rejected_reason,
            "quality_score": {"score": self.quality},
            "id": self.id,
        }


def _body(text: str, *examples: str) -> dict[str, Any]:
    component: dict[str, Any] = {"type": "BODY", "text": text}
    return component | {"example": {"body_text": [list(examples)]}} if examples else component


def _first_templates() -> list[MessageTemplate]:
    order_names = [
        {"param_name": "customer", "example": "Amara"},
        {"param_name": "order", "example": "AB-1042"},
    ]
    return [
        MessageTemplate(
            id="1550094421187201",
            name="hello_world",
            components=[_body("Hello! This is a test message from the business.")],
        ),
        MessageTemplate(
            id="1550094421187202",
            name="support_follow_up",
            components=[
                _body(
                    "Hello, there is news about your support request: {{1}}. Answer here to go on.",
                    "your refund is on its way",
                )
            ],
        ),
        MessageTemplate(
            id="1550094421187203",
            name="order_update",
            components=[
                {
                    "type": "HEADER",
                    "format": "TEXT",
                    "text": "Order {{1}}",
                    "example": {"header_text": ["AB-1042"]},
                },
                _body("Hello {{1}}, your order leaves us on {{2}}.", "Amara", "Monday"),
                {"type": "FOOTER", "text": "You can answer this message."},
                {
                    "type": "BUTTONS",
                    "buttons": [
                        {"type": "QUICK_REPLY", "text": "Chat Support"},
                        {"type": "QUICK_REPLY", "text": "Thank you"},
                        {
                            "type": "URL",
                            "text": "Follow it",
                            "url": "https://shop.example/orders/{{1}}",
                            "example": ["https://shop.example/orders/AB-1042"],
                        },
                        {"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+2342013300000"},
                    ],
                },
            ],
        ),
        MessageTemplate(
            id="1550094421187204",
            name="parcel_delay",
            components=[
                {
                    "type": "BODY",
                    "text": "Dear {{customer}}, order {{order}} needs two days more. We are sorry.",
                    "example": {"body_text_named_params": order_names},
                }
            ],
        ),
        MessageTemplate(
            id="1550094421187205",
            name="hello_world",
            language="fr",
            components=[_body("Bonjour ! Ceci est un message d'essai.")],
        ),
        MessageTemplate(
            id="1550094421187206",
            name="winter_offer",
            status="PENDING",
            category="MARKETING",
            quality="UNKNOWN",
            components=[_body("This week all lamps cost {{1}} less.", "20 %")],
        ),
    ]


class Templates:
    """All templates by id, approved or not."""

    def __init__(self) -> None:
        self.by_id = {template.id: template for template in _first_templates()}

    def find(self, name: str, language: str) -> MessageTemplate | None:
        """The template of this name in exactly this language."""
        for template in self.by_id.values():
            if (template.name, template.language) == (name, language):
                return template
        return None
