"""From a template and the values that came with it to what the customer reads, or Graph's refusal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.graph_errors import GraphError
from simulator.graph_messages import Template, TemplateComponent, TemplateParameter
from simulator.people import Choice, Link, Menu
from simulator.templates import PLACEHOLDER, MessageTemplate, Templates

LONGEST = {"HEADER": 60, "BODY": 1024}
NOT_IN_A_VALUE = re.compile(r"[\n\r\t]| {5}")


@dataclass(frozen=True)
class FilledTemplate:
    """A template with its values in place, ready for the bubble."""

    category: str
    text: str
    menu: Menu


def fill(sent: Template, templates: Templates) -> FilledTemplate:
    """Put the values in. Raises GraphError 132000, 132001, 132005, 132012, 132015, 132016 or 132018."""
    template = templates.find(sent.name, sent.language.code)
    if template is None or template.status in ("PENDING", "REJECTED"):
        raise GraphError(132001, f"template name ({sent.name}) does not exist in {sent.language.code}")
    if template.status != "APPROVED":
        raise GraphError(132015 if template.status == "PAUSED" else 132016)
    header, body = (_filled(template, kind, sent.components) for kind in ("HEADER", "BODY"))
    for part in sent.components:
        if part.type == "button" and (part.index is None or not 0 <= part.index < len(template.buttons())):
            raise GraphError(132012, f"there is no button {part.index}")
    menu = Menu(
        header=header or None,
        footer=template.component("FOOTER").get("text"),
        template_buttons=_quick_replies(template, sent.components),
        links=_links(template, sent.components),
    )
    return FilledTemplate(template.category.lower(), body, menu)


def _filled(template: MessageTemplate, kind: str, components: Sequence[TemplateComponent]) -> str:
    names = template.variables(kind)
    given = [p for part in components if part.type == kind.lower() for p in part.parameters]
    if len(given) != len(names):
        raise GraphError(132000, f"{kind.lower()}: number of parameters ({len(given)}) does not match the "
                         f"expected number of params ({len(names)})")  # fmt: skip
    values = {_name(parameter, names, place): parameter.text for place, parameter in enumerate(given)}
    if set(values) != set(names):
        raise GraphError(132012, f"{kind.lower()}: the names of the parameters are {', '.join(names)}")
    for parameter in given:
        _check(kind.lower(), parameter)
    text = PLACEHOLDER.sub(lambda found: values[found[1]], template.component(kind).get("text", ""))
    if len(text) > LONGEST[kind]:
        raise GraphError(132005)
    return text


def _name(parameter: TemplateParameter, names: list[str], place: int) -> str:
    """Numbered variables are filled in their order, named ones by name."""
    if names[place].isdecimal():
        return names[place]
    return parameter.parameter_name or ""


def _check(place: str, parameter: TemplateParameter) -> None:
    if parameter.type != "text":
        raise GraphError(132012, f"{place}: a text is expected, not {parameter.type}")
    if not parameter.text:
        raise GraphError(132000, f"{place}: a parameter is empty")
    if NOT_IN_A_VALUE.search(parameter.text):
        raise GraphError(
            132018, f"{place}: a text has no line break, no tab and at most four blanks in a row"
        )


def _of_button(
    components: Sequence[TemplateComponent], index: int, sub_type: str
) -> TemplateParameter | None:
    """The value for this button, if there is one."""
    for part in components:
        if part.type == "button" and part.index == index:
            if part.sub_type != sub_type or len(part.parameters) != 1:
                raise GraphError(132012, f"button {index} takes one parameter of sub_type {sub_type}")
            return part.parameters[0]
    return None


def _quick_replies(template: MessageTemplate, components: Sequence[TemplateComponent]) -> list[Choice]:
    """Without a payload a button's own words are sent back."""
    choices = []
    for index, button in enumerate(template.buttons()):
        if button["type"] == "QUICK_REPLY":
            given = _of_button(components, index, "quick_reply")
            payload = given.payload if given and given.payload else button["text"]
            choices.append(Choice(id=payload, title=button["text"]))
    return choices


def _links(template: MessageTemplate, components: Sequence[TemplateComponent]) -> list[Link]:
    links = []
    for index, button in enumerate(template.buttons()):
        if button["type"] == "PHONE_NUMBER":
            links.append(Link(label=button["text"], url=f"tel:{button['phone_number']}"))
        elif button["type"] == "URL":
            url = button["url"]
            if PLACEHOLDER.search(url):
                given = _of_button(components, index, "url")
                if given is None:
                    raise GraphError(132000, f"button {index}: its address needs a parameter")
                _check(f"button {index}", given)
                url = given.text.join(PLACEHOLDER.split(url)[::2])
            links.append(Link(label=button["text"], url=url))
    return links
