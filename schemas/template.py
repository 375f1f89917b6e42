"""What the doors give of the business account's templates."""

from typing import Any

from pydantic import BaseModel

from models.message_template import MessageTemplate
from schemas.fields import Utc
from whatsapp.templates import variables


class TemplateVariable(BaseModel):
    """A blank to fill in. `key` names it in a message; `example` is what its maker gave."""

    key: str
    example: str
    optional: bool


class TemplateResponse(BaseModel):
    """A template. Only an APPROVED one can be sent."""

    name: str
    language: str
    status: str
    category: str
    quality: str | None
    reason: str | None
    components: list[dict[str, Any]]
    variables: list[TemplateVariable]
    synced_at: Utc

    @classmethod
    def of(cls, template: MessageTemplate) -> "TemplateResponse":
        """The template with what of it is variable."""
        columns = (
            "name",
            "language",
            "status",
            "category",
            "quality",
            "reason",
            "components",
            "synced_at",
        )
        return cls(
            **{name: getattr(template, name) for name in columns},
            variables=[
                TemplateVariable(key=each.key, example=each.example, optional=each.is_optional)
                for each in variables(template.components)
            ],
        )


class TemplateList(BaseModel):
    """By name and language."""

    templates: list[TemplateResponse]
