"""S12: every field that any answer can have, in one list. A new one is looked at before it is told."""

import json
from pathlib import Path

from tests.running_desk import RunningDesk
from tests.security.routes import document, routes, schemas_below

LIST = Path(__file__).with_name("answers.json")


def test_answers_have_the_fields_of_the_list_and_no_others(desk: RunningDesk) -> None:
    """Whoever adds a field, and has thought about who sees it, adds it to the list."""
    api = document(desk)
    answers = [route.answer_schema for route in routes(api)]
    told = {str(each["$ref"]).rpartition("/")[2] for each in schemas_below(answers, api) if "$ref" in each}
    found = {name: sorted(api["components"]["schemas"][name].get("properties", {})) for name in sorted(told)}
    fields = {name: names for name, names in found.items() if names and not name.startswith("Success_")}
    listed = json.loads(LIST.read_text())
    assert fields == listed, json.dumps(
        {name: fields[name] for name in fields if fields[name] != listed.get(name)}
    )
