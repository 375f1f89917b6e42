"""What WhatsApp tells about a template: its review, its quality, its category."""

from whatsapp.account_words import INFO, TEMPLATE_WORDS, WARNING, Told, readable, word
from whatsapp.payloads import Json, as_object


def _template(value: Json, entry: str) -> tuple[str, str]:
    name = word(value.get("message_template_name")) or word(value.get("message_template_id"))
    language = word(value.get("message_template_language"), 20).replace("-", "_")
    shown = f"The template {name}{f' ({language})' if language else ''}" if name else "A template"
    return shown, f"template {name} {language}".strip() if name else entry


def template_status(value: Json, entry: str) -> Told:
    """It was approved, rejected, paused …, with the reason where there is one."""
    shown, subject = _template(value, entry)
    event = word(value.get("event")).upper()
    severity, words = TEMPLATE_WORDS.get(event, (INFO, f"has a new status: {readable(event) or 'unknown'}"))
    rejection, extra = as_object(value.get("rejection_info")), as_object(value.get("other_info"))
    reason = word(value.get("reason"), 500)
    reasons = [
        word(rejection.get("reason"), 500) or ("" if reason.upper() == "NONE" else readable(reason)),
        word(rejection.get("recommendation"), 500),
        word(extra.get("description"), 500),
    ]
    why = " ".join(f"{each.rstrip('.')}." for each in reasons if each)
    return subject, severity, f"{shown} {words}. {why}".strip()


def template_quality(value: Json, entry: str) -> Told:
    """Customers like it less, or more."""
    shown, subject = _template(value, entry)
    score, before = (
        word(value.get("new_quality_score")).upper(),
        readable(value.get("previous_quality_score")),
    )
    was = f", after {before}" if before else ""
    words = f"{shown} has the quality {readable(score) or 'unknown'}{was}."
    advice = " Customers block or report it; WhatsApp may pause it." if score in ("RED", "YELLOW") else ""
    return subject, WARNING if score in ("RED", "YELLOW") else INFO, words + advice


def template_category(value: Json, entry: str) -> Told:
    """WhatsApp puts it, or will put it, into another category."""
    shown, subject = _template(value, entry)
    correct, new = readable(value.get("correct_category")), readable(value.get("new_category"))
    if correct:
        return (
            subject,
            WARNING,
            f"{shown} will become {correct} and may cost more; it is {new or 'another'} now.",
        )
    before = readable(value.get("previous_category"))
    return (
        subject,
        WARNING,
        f"{shown} is {new or 'of another category'} now{f', after {before}' if before else ''}.",
    )
