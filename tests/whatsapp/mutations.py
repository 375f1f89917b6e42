"""Bodies that are like Meta's, but not quite."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.whatsapp.examples import EXAMPLES

ODD_VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1e308,
    float("inf"),
    float("nan"),
    "",
    " ",
    "0",
    "17950000001234",
    "99999999999999999999",
    "١٧٩٥٠٠٠٠٠٠",
    "a\x00b",
    "\ud800",
    "\udfff tail",
    "x" * 300,
    "💥" * 300,
    "NG." + "A" * 128,
    "NG.ENT.abc\n",
    [],
    {},
    [None],
    [[[[]]]],
    ["text"],
    {"id": "wamid.odd"},
    {"": None},
]

_NAMES = st.sampled_from("from id type messages statuses group_id errors context voice".split())


@st.composite
def mutated_bodies(draw: st.DrawFn) -> bytes:
    """An example with up to five things removed, replaced, nested or repeated anywhere in it."""
    tree = {"root": json.loads(draw(st.sampled_from(list(EXAMPLES.values()))))}
    for _ in range(draw(st.integers(1, 5))):
        holder, key = _place(draw, tree)
        match draw(st.sampled_from(["replace", "remove", "nest", "repeat", "rename"])):
            case "replace":
                holder[key] = deepcopy(draw(st.sampled_from(ODD_VALUES)))
            case "remove" if holder is not tree:
                del holder[key]
            case "nest":
                for _ in range(draw(st.sampled_from([1, 2, 60]))):
                    holder[key] = [holder[key]] if draw(st.booleans()) else {"nested": holder[key]}
            case "repeat" if isinstance(holder, list):
                holder.append(deepcopy(holder[key]))
            case "rename" if isinstance(holder, dict) and holder is not tree:
                holder[draw(_NAMES)] = holder.pop(key)
    return json.dumps(tree["root"]).encode()


def _place(draw: st.DrawFn, tree: dict[str, Any]) -> tuple[Any, Any]:
    """A container and a key or index in it, as deep as chance takes us."""
    holder: Any = tree
    key: Any = "root"
    while holder[key] and isinstance(holder[key], dict | list) and draw(st.integers(0, 9)):
        holder = holder[key]
        key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
    return holder, key
