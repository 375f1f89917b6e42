"""A measured figure beside its goal, and beside the floor or peer that it is measured against."""

from dataclasses import dataclass, field
from statistics import median
from typing import Literal

Verdict = Literal["holds", "falls short", "measured"]


@dataclass
class Figure:
    """`values` are those of the runs; their median counts.

    `at_least` and `at_most` are the goal. `beside` names what was measured in the same run to compare with,
    and `least_ratio` or `most_ratio` is the goal for value / `beside_value`. `further` are goals of other
    kinds, in words, and whether each is reached. `why` says what holds a figure back that falls short.
    """

    key: str
    title: str
    unit: str
    values: list[float]
    at_least: float | None = None
    at_most: float | None = None
    beside: str = ""
    beside_value: float | None = None
    least_ratio: float | None = None
    most_ratio: float | None = None
    note: str = ""
    why: str = ""
    details: dict[str, object] = field(default_factory=dict)
    further: dict[str, bool] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """The median of the runs."""
        return median(self.values)

    @property
    def ratio(self) -> float | None:
        """How many times what it is compared with."""
        return self.value / self.beside_value if self.beside_value else None

    @property
    def verdict(self) -> Verdict:
        """Whether every goal is reached."""
        goals = (
            (self.at_least, self.value, True),
            (self.at_most, self.value, False),
            (self.least_ratio, self.ratio, True),
            (self.most_ratio, self.ratio, False),
        )
        held = [
            value >= goal if least else value <= goal
            for goal, value, least in goals
            if goal is not None and value is not None
        ]
        held += self.further.values()
        return "measured" if not held else "holds" if all(held) else "falls short"

    @property
    def goal(self) -> str:
        """The goals in words."""
        told = []
        if self.at_least is not None:
            told.append(f"≥ {number(self.at_least)} {self.unit}")
        if self.at_most is not None:
            told.append(f"≤ {number(self.at_most)} {self.unit}")
        if self.least_ratio is not None:
            told.append(f"≥ {number(self.least_ratio)} ×")
        if self.most_ratio is not None:
            told.append(f"≤ {number(self.most_ratio)} ×")
        return ", ".join((*told, *self.further))


def number(value: float) -> str:
    """With as many digits as say something."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
