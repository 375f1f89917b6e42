"""One webhook body of each kind that Meta documents or that was seen, by its name."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent.parent / "fixtures" / "whatsapp"

EXAMPLES: dict[str, bytes] = {path.stem: path.read_bytes() for path in sorted(_FOLDER.glob("*.json"))}


def example(number: str) -> bytes:
    """The body whose name begins with this number."""
    [body] = [body for name, body in EXAMPLES.items() if name.startswith(f"{number}_")]
    return body


def example_json(number: str) -> dict[str, Any]:
    """The same as JSON."""
    parsed: dict[str, Any] = json.loads(example(number))
    return parsed
