"""The API's description, for signed-in admins."""

from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse

from api.deps import Allowed
from services.actor import Caller
from services.permissions import Permission

router = APIRouter(include_in_schema=False)

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "summary{cursor:pointer;padding:.4rem 0}code{font-size:.95em}b{display:inline-block;min-width:4.5rem}"
    "pre{background:#f4f4f5;padding:1rem;overflow:auto}@media(prefers-color-scheme:dark)"
    "{body{background:#18181b;color:#e4e4e7}pre{background:#27272a}a{color:#93c5fd}}"
)


@router.get("/openapi.json")
def openapi(request: Request, _caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]) -> JSONResponse:
    """The OpenAPI document."""
    return JSONResponse(request.app.openapi())


@router.get("/docs", response_class=HTMLResponse)
def docs(request: Request, _caller: Annotated[Caller, Allowed(Permission.MANAGE_DESK)]) -> HTMLResponse:
    """The OpenAPI document as a page. It has no script, so it needs nothing from anywhere else."""
    document = request.app.openapi()
    operations = [
        _operation(method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = document.get("components", {}).get("schemas", {})
    shapes = [_shape(name, schema) for name, schema in schemas.items()]
    title = escape(document["info"]["title"])
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style><h1>{title}</h1>'
        "<p>Sign in with the dashboard's cookie or with <code>Authorization: Bearer cst_…</code> "
        '(<code>python cli.py create-token</code>). See also <a href="/openapi.json">openapi.json</a>.</p>'
        f"<h2>Calls</h2>{''.join(operations)}<h2>Shapes</h2>{''.join(shapes)}</html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(parameter['name'])}</code> in {escape(parameter['in'])}: "
        f"{_type(parameter.get('schema', {}))}{', required' if parameter.get('required') else ''}</li>"
        for parameter in operation.get("parameters", [])
    )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = operation.get("responses", {}).get("200", {}).get("content", {})
    answer_schema = answer.get("application/json", {}).get("schema", {})
    return (
        f"<details><summary><b>{escape(method.upper())}</b> <code>{escape(path)}</code> "
        f"{escape(operation.get('summary', ''))}</summary><p>{escape(operation.get('description', ''))}</p>"
        f"<ul>{parameters}{f'<li>body: {_type(body)}</li>' if body else ''}"
        f"{f'<li>answer: {_type(answer_schema)}</li>' if answer_schema else ''}</ul></details>"
    )


def _shape(name: str, schema: dict[str, Any]) -> str:
    fields = "".join(
        f"<li><code>{escape(field)}</code>: {_type(detail)}</li>"
        for field, detail in schema.get("properties", {}).items()
    )
    values = ", ".join(escape(str(value)) for value in schema.get("enum", []))
    return (
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"<p>{escape(schema.get('description', ''))} {values}</p><ul>{fields}</ul></details>"
    )


def _type(schema: dict[str, Any]) -> str:
    if reference := schema.get("$ref"):
        name = escape(str(reference).rsplit("/", 1)[-1])
        return f'<a href="#{name}">{name}</a>'
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(_type(choice) for choice in choices)
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if values := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in values)
    kind = str(schema.get("type", "anything"))
    return escape(f"{kind} ({schema['format']})" if "format" in schema else kind)
