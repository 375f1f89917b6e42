"""Every route as the OpenAPI document tells it, so that a new one is attacked without being named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.running_desk import RunningDesk

UNSAFE = ("post", "put", "patch", "delete")
STREAM = "/api/events"


@dataclass(frozen=True)
class Route:
    """`address` has 1 for every number in the path, and an odd word for every other part."""

    method: str
    path: str
    operation: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return list(self.operation.get("parameters", []))

    def address(self, **parts: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: parts.get(found[1], "1"), self.path)

    @property
    def body_schema(self) -> dict[str, Any] | None:
        content = self.operation.get("requestBody", {}).get("content", {})
        schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    @property
    def answer_schema(self) -> dict[str, Any] | None:
        content = self.operation.get("responses", {}).get("200", {}).get("content", {})
        schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema


def document(desk: RunningDesk) -> dict[str, Any]:
    answer: dict[str, Any] = desk.api.get("/openapi.json").json()
    return answer


def routes(document: dict[str, Any]) -> list[Route]:
    found = [
        Route(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(found) > 20
    return found


def schemas_below(schema: Any, document: dict[str, Any], seen: set[str] | None = None) -> Iterator[Any]:
    """The schema and all that it refers to."""
    seen = set() if seen is None else seen
    if isinstance(schema, list):
        for each in schema:
            yield from schemas_below(each, document, seen)
    if not isinstance(schema, dict):
        return
    yield schema
    if (name := str(schema.get("$ref", "")).rpartition("/")[2]) and name not in seen:
        seen.add(name)
        yield from schemas_below(document["components"]["schemas"][name], document, seen)
    for key, each in schema.items():
        if key not in ("mapping", "enum", "const", "default", "examples"):
            parts = each.values() if key == "properties" else [each]
            for part in parts:
                yield from schemas_below(part, document, seen)


def status_of(client: httpx2.Client, method: str, address: str, **more: Any) -> int:
    """Of a stream only the head is read."""
    with client.stream(method, address, **more) as answer:
        return int(answer.status_code)
