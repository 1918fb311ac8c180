"""Prints the monitor's answers: each as a question, two shares, a ratio, and a picture of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from clients.demo import picture
from clients.demo.comparisons import Comparison

Answer = dict[str, Any]
LEGEND = (
    "The ratio of the two rates is drawn as ●, its 95% interval as a line, and the range in which "
    "nothing is flagged shaded."
)


def print_indicators(console: Console, indicators: Sequence[tuple[Comparison, Answer]]) -> None:
    """The answers in their order, and beneath them how they were made."""
    console.print()
    console.rule("Who is shortlisted, as the equality monitor shows it", align="left")
    _print(console, 2, LEGEND)
    console.print()
    for comparison, answer in indicators:
        lines = _suppressed(answer) if answer["suppressed"] else _shown(answer)
        _print(console, 2, comparison.question)
        _print(console, 4, *lines)
        console.print()
    for note in indicators[0][1]["notes"] if indicators else ():
        _print(console, 2, note)


def _suppressed(answer: Answer) -> list[str]:
    return [
        *(f"{_name(answer, side)}: not shown" for side in ("group", "reference")),
        "The ratio, its interval, n and the test are not shown either.",
        f"Reason: {_reasons(answer)}",
    ]


def _reasons(answer: Answer) -> str:
    return ", ".join(sorted(set(answer["reasons"].values()))).replace("_", " ")


def _shown(answer: Answer) -> list[str]:
    shares = [_share(answer, side) for side in ("group", "reference")]
    ratio, low, high = (answer[name] for name in ("relative_likelihood", "ci_low", "ci_high"))
    if low is None:
        figure = "none" if ratio is None else f"{ratio:.2f}"
        return [*shares, f"Ratio {figure}, no interval, n = {answer['n']}: {_reasons(answer)}"]
    return [
        *shares,
        f"Ratio {ratio:.2f}, 95% interval {low:.2f} to {high:.2f}, n = {answer['n']}",
        _reading(answer),
        *_drawn(answer),
    ]


def _drawn(answer: Answer) -> list[str]:
    marked = {"range_low": answer["range_low"], "range_high": answer["range_high"]}
    figures = (answer["relative_likelihood"], answer["ci_low"], answer["ci_high"])
    return [*picture.axis(**marked), picture.interval(*figures, **marked)]


def _reading(answer: Answer) -> str:
    low, high = answer["range_low"], answer["range_high"]
    words = "Outside {}: flagged" if answer["outside_range"] else "Within {}: not flagged"
    return words.format(f"{low:.2f} to {high:.2f}")


def _share(answer: Answer, side: str) -> str:
    share = answer[side]
    rate = "" if share["rate"] is None else f" ({share['rate']:.0%})"
    return f"{_name(answer, side)}: {share['reached']} of {share['total']} shortlisted{rate}"


def _name(answer: Answer, side: str) -> str:
    return f"{answer['characteristic']} {answer[side]['name']}"


def _print(console: Console, indent: int, *lines: str) -> None:
    for line in lines:
        console.print(Padding(Text(line), (0, 0, 0, indent), expand=False))
