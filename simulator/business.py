"""How the business's account and number stand with Meta, and the webhooks that tell of it."""

from typing import Any, Literal

from pydantic import BaseModel

from simulator.templates import MessageTemplate

AccountEvent = Literal[
    "restriction", "disabled", "reinstated", "quality_green", "quality_yellow", "quality_red", "alert",
    "limit", "pin_reset",
]  # fmt: skip
RESTRICTED_SECONDS = 7 * 24 * 3600


class Business(BaseModel):
    """`restricted`: no templates to those who did not write first; `disabled`: nothing at all goes out."""

    standing: Literal["good", "restricted", "disabled"] = "good"
    quality_rating: Literal["GREEN", "YELLOW", "RED"] = "GREEN"
    messaging_limit: str = "TIER_250"

    def happen(self, event: AccountEvent, display_phone_number: str, now: int) -> tuple[str, dict[str, Any]]:
        """Let this come about; gives the webhook's field and value."""
        number = {"display_phone_number": display_phone_number}
        match event:
            case "restriction":
                self.standing = "restricted"
                restriction = {
                    "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING",
                    "expiration": now + RESTRICTED_SECONDS,
                }
                return "account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction]}
            case "disabled" | "reinstated":
                self.standing = "disabled" if event == "disabled" else "good"
                state = "DISABLE" if event == "disabled" else "REINSTATE"
                return "account_update", {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}}
            case "quality_green":
                self.quality_rating = "GREEN"
                return "phone_number_quality_update", number | self._quality("UNFLAGGED")
            case "quality_yellow" | "quality_red":
                self.quality_rating = "YELLOW" if event == "quality_yellow" else "RED"
                return "phone_number_quality_update", number | self._quality("FLAGGED")
            case "limit":
                self.messaging_limit = "TIER_2K"
                return "business_capability_update", {
                    "max_daily_conversations_per_business": 2000,
                    "max_phone_numbers_per_waba": 25,
                }
            case "alert":
                return "account_alerts", {
                    "entity_type": "BUSINESS",
                    "entity_id": "300000000000001",
                    "alert_info": {
                        "alert_severity": "WARNING",
                        "alert_status": "ACTIVE",
                        "alert_type": "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
                        "alert_description": "Limits cannot be increased for your business.",
                    },
                }
            case "pin_reset":
                return "security", number | {"event": "PIN_RESET_REQUEST", "requester": "61550011223344"}

    def _quality(self, event: str) -> dict[str, Any]:
        return {"event": event, "max_daily_conversations_per_business": self.messaging_limit}


def template_status_value(template: MessageTemplate) -> dict[str, Any]:
    """What `message_template_status_update` says once the status has changed."""
    value: dict[str, Any] = {
        "event": template.status,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "reason": template.rejected_reason,
        "message_template_category": template.category,
    }
    if template.status == "REJECTED":
        value["rejection_info"] = {
            "reason": "The variables stand too close together.",
            "recommendation": "Put words between them.",
        }
    return value


def template_quality_value(template: MessageTemplate, previous: str) -> dict[str, Any]:
    """What `message_template_quality_update` says."""
    return {
        "previous_quality_score": previous,
        "new_quality_score": template.quality,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }
