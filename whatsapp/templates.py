"""Templates: what of them is variable, and what is sent and read once the variables are filled in. Pure.

A variable's key tells its place: `header.1`, `body.2`, `body.order` (a named one), `button.0` (the address or
the code of the first button). Source: Meta's reference for message templates.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whatsapp.outgoing import Json, part
from whatsapp.payloads import as_object
from whatsapp.unsendable import UnsupportedTemplate, WrongVariable
from whatsapp.values import clean_text, identifier, storable

LONGEST_ID = 64
LONGEST_NAME = 255
LONGEST_LANGUAGE = 20
LONGEST_TEXT = {"HEADER": 60, "BODY": 1024, "BUTTON": 2000}

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_REFUSED = re.compile(r"[\n\r\t]| {5}")
_PLAIN_BUTTONS = frozenset({"PHONE_NUMBER", "VOICE_CALL", "FLOW", "REQUEST_CONTACT_INFO"})


@dataclass(frozen=True)
class Variable:
    """A blank of a template. `example` is what its maker gave; an optional one may stay empty."""

    key: str
    example: str
    is_optional: bool = False


@dataclass(frozen=True)
class ListedTemplate:
    """A template as Graph lists it."""

    provider_template_id: str | None
    name: str
    language: str
    status: str
    category: str
    quality: str | None
    reason: str | None
    components: list[Json]


def parse(value: Any) -> ListedTemplate | None:
    """None for what has no name, language or status."""
    listed = as_object(value)
    name, language, status = (clean_text(listed.get(key)) for key in ("name", "language", "status"))
    if not (0 < len(name) <= LONGEST_NAME and 0 < len(language) <= LONGEST_LANGUAGE and status):
        return None
    components = listed.get("components")
    score = clean_text(as_object(listed.get("quality_score")).get("score"))
    reason = clean_text(listed.get("rejected_reason"))
    return ListedTemplate(
        provider_template_id=identifier(listed.get("id"), LONGEST_ID),
        name=name,
        language=language.replace("-", "_"),
        status=status[:40].upper(),
        category=clean_text(listed.get("category"))[:40],
        quality=score[:20] or None,
        reason=reason if reason != "NONE" and reason else None,
        components=[storable(each) for each in components if isinstance(each, dict)]
        if isinstance(components, list)
        else [],
    )


def variables(components: Sequence[Json]) -> list[Variable]:
    """Everything that can be filled in, in the order of the template."""
    return [variable for component in components for variable in _variables(component)]


def check_supported(components: Sequence[Json]) -> None:
    """Raises UnsupportedTemplate."""
    for component in components:
        kind = _kind(component)
        if kind == "HEADER" and clean_text(component.get("format")).upper() not in ("", "TEXT"):
            raise UnsupportedTemplate("This template begins with a file, which the desk cannot fill in yet.")
        if kind not in ("HEADER", "BODY", "FOOTER", "BUTTONS"):
            raise UnsupportedTemplate(f"This template has a part ({kind[:40]}) that the desk cannot fill in.")
        for button in _buttons(component):
            name = _kind(button)
            if name not in _PLAIN_BUTTONS | {"URL", "COPY_CODE", "QUICK_REPLY"}:
                raise UnsupportedTemplate(
                    f"This template has a button ({name[:40]}) that the desk cannot fill in."
                )


def fill(components: Sequence[Json], values: Mapping[str, str]) -> list[Json]:
    """Graph's components with the variables filled in; `parameter_name` goes with named variables only.

    Raises UnsupportedTemplate, WrongVariable or PartTooLong.
    """
    check_supported(components)
    known = variables(components)
    if unknown := set(values) - {variable.key for variable in known}:
        raise WrongVariable(f"The template has no variable {min(unknown)[:60]}.")
    for variable in known:
        _check(variable, values.get(variable.key, ""))
    for component in components:
        if _kind(component) in ("HEADER", "BODY"):
            name = "The header" if _kind(component) == "HEADER" else "The message"
            filled_text = _filled(component, values)
            if filled_text:
                part(f"{name}, with its variables,", filled_text, LONGEST_TEXT[_kind(component)])
    return [made for component in components for made in _component(component, values)]


def render(components: Sequence[Json], values: Mapping[str, str]) -> str:
    """What a person reads: header, body and footer."""
    return "\n".join(filter(None, (_filled(each, values) for each in components)))


def _check(variable: Variable, value: str) -> None:
    if not value.strip():
        if variable.is_optional:
            return
        raise WrongVariable(f"The variable {variable.key} is empty; fill it in.")
    if _REFUSED.search(value):
        raise WrongVariable(
            f"The variable {variable.key} holds a line break, a tab or more than four blanks in a row, "
            "which WhatsApp refuses in a template."
        )
    if variable.key.startswith("button."):
        part(f"The variable {variable.key}", value, LONGEST_TEXT["BUTTON"])


def _kind(value: Json) -> str:
    return clean_text(value.get("type")).upper()


def _buttons(component: Json) -> list[Json]:
    found = component.get("buttons") if _kind(component) == "BUTTONS" else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(_PLACEHOLDER.findall(text)))


def _variables(component: Json) -> Iterator[Variable]:
    kind = _kind(component)
    if kind in ("HEADER", "BODY"):
        names = _names(clean_text(component.get("text")))
        examples = _examples(component, kind.lower(), names)
        for name in names:
            yield Variable(f"{kind.lower()}.{name}", examples.get(name, ""))
    for index, button in enumerate(_buttons(component)):
        key = f"button.{index}"
        example = button.get("example")
        first = example[0] if isinstance(example, list) and example else example
        match _kind(button):
            case "URL" if _names(clean_text(button.get("url"))):
                yield Variable(key, _last_part(clean_text(first), clean_text(button.get("url"))))
            case "COPY_CODE":
                yield Variable(key, clean_text(first))
            case "QUICK_REPLY":  # what its tap tells us; without it, its words
                yield Variable(key, clean_text(button.get("text")), is_optional=True)


def _examples(component: Json, place: str, names: Sequence[str]) -> dict[str, str]:
    example = as_object(component.get("example"))
    named = example.get(f"{place}_text_named_params")
    if isinstance(named, list):
        pairs = [as_object(each) for each in named]
        return {clean_text(each.get("param_name")): clean_text(each.get("example")) for each in pairs}
    values = example.get(f"{place}_text")
    if isinstance(values, list) and values and isinstance(values[0], list):
        values = values[0]  # of the body Graph gives a list of examples, of the header only one
    values = values if isinstance(values, list) else []
    in_order = sorted(names, key=lambda name: (int(name) if name.isdecimal() else 0, name))
    return dict(zip(in_order, map(clean_text, values), strict=False))


def _last_part(example: str, url: str) -> str:
    """Of an address, examples show the whole and the variable is its end."""
    return example.removeprefix(_PLACEHOLDER.split(url)[0])


def _filled(component: Json, values: Mapping[str, str]) -> str:
    kind = _kind(component)
    text = clean_text(component.get("text")) if kind in ("HEADER", "BODY", "FOOTER") else ""
    return _PLACEHOLDER.sub(lambda found: values.get(f"{kind.lower()}.{found[1]}", found[0]), text)


def _component(component: Json, values: Mapping[str, str]) -> Iterator[Json]:
    kind = _kind(component).lower()
    if kind in ("header", "body"):
        names = _names(clean_text(component.get("text")))
        if all(name.isdecimal() for name in names):
            names.sort(key=int)
        parameters = [
            {"type": "text"}
            | ({} if name.isdecimal() else {"parameter_name": name})
            | {"text": values[f"{kind}.{name}"]}
            for name in names
        ]
        if parameters:
            yield {"type": kind, "parameters": parameters}
    for index, button in enumerate(_buttons(component)):
        value = values.get(f"button.{index}", "")
        if value:
            yield _button(_kind(button), str(index), value)


def _button(kind: str, index: str, value: str) -> Json:
    parameter = {
        "URL": {"type": "text", "text": value},
        "COPY_CODE": {"type": "coupon_code", "coupon_code": value},
        "QUICK_REPLY": {"type": "payload", "payload": value},
    }[kind]
    return {"type": "button", "sub_type": kind.lower(), "index": index, "parameters": [parameter]}
