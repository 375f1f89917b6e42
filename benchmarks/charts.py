"""Charts of the results, as SVG without anything but shapes and words."""

from html import escape
from math import log10
from pathlib import Path

from benchmarks.figures import Figure, number

WIDTH, LABELS, ROW = 960, 520, 24
COLOURS = {"holds": "#2f9e44", "falls short": "#e03131"}


def goals(figures: list[Figure], path: Path) -> None:
    """How far each figure is from its goal: 1 is the goal, to its right is better."""
    rows = [(figure, reached) for figure in figures if (reached := _reached(figure)) is not None]
    height = ROW * (len(rows) + 2)
    middle = LABELS + (WIDTH - LABELS) / 2
    parts = [_words(middle, ROW - 8, "goal", "middle"), _line(middle, ROW, height - ROW / 2)]
    for index, (figure, reached) in enumerate(rows, start=1):
        top = index * ROW + 6
        share = min(max(reached, 0.01), 100.0)
        length = log10(share) * (WIDTH - LABELS) / 4.2
        left = middle if length >= 0 else middle + length
        parts += [
            _words(LABELS - 10, top + 12, figure.title, "end"),
            (
                f'<rect x="{left:.0f}" y="{top}" width="{max(abs(length), 1):.0f}" height="{ROW - 8}" '
                f'fill="{COLOURS[figure.verdict]}"/>'
            ),
            _words(
                middle + (6 if length < 0 else -6),
                top + 12,
                f"{number(figure.value)} {figure.unit}".strip(),
                "start" if length < 0 else "end",
            ),
        ]
    _save(parts, height, path)


def _reached(figure: Figure) -> float | None:
    if figure.verdict == "measured" or figure.value in (0, float("inf")):
        return None
    if figure.at_least:
        return figure.value / figure.at_least
    return figure.at_most / figure.value if figure.at_most else None


def _words(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(x: float, top: float, bottom: float) -> str:
    return f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{top:.0f}" y2="{bottom:.0f}" stroke="#868e96"/>'


def _save(parts: list[str], height: int, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    inner = "\n".join(parts)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>\n{inner}\n</svg>\n'
    )
