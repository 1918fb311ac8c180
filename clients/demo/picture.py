"""An interval on a logarithmic axis, drawn with characters.

The axis goes from a fifth to five times. A ratio in the shaded part is not flagged; an end of an
interval that is off the axis is an arrow.

    >>> print(interval(1.22, 0.71, 2.09, range_low=0.80, range_high=1.25))
                            ┣━▒▒▒▒▒▒▒▒●━━━━━━━━━━┫
"""

from __future__ import annotations

import math

WIDTH = 61
LOWEST, HIGHEST = 0.2, 5.0
_TICKS = (LOWEST, 0.5, 1.0, 2.0, HIGHEST)


def axis(range_low: float, range_high: float) -> tuple[str, str]:
    """The numbers to stand above the pictures, and the line that they stand on."""
    numbers, line = [" "] * (WIDTH + 2), ["─"] * WIDTH
    for value in (*_TICKS, range_low, range_high):
        label = f"{value:g}"
        begin = max(_column(value) - len(label) // 2, 0)
        numbers[begin : begin + len(label)] = label
    _fill(line, range_low, range_high, "░")
    for value in _TICKS:
        line[_column(value)] = "┼"
    line[0], line[-1] = "├", "┤"
    return "".join(numbers).rstrip(), "".join(line)


def interval(ratio: float, low: float, high: float, *, range_low: float, range_high: float) -> str:
    """The ratio as a dot, its confidence interval as a line through it."""
    cells = [" "] * WIDTH
    _fill(cells, range_low, range_high, "░")
    _fill(cells, low, high, "━")
    _fill(cells, max(low, range_low), min(high, range_high), "▒")
    cells[_column(low)] = "◄" if low < LOWEST else "┣"
    cells[_column(high)] = "►" if high > HIGHEST else "┫"
    cells[_column(ratio)] = "●"
    return "".join(cells).rstrip()


def _column(value: float) -> int:
    """Where a value stands; one off the axis stands at its end."""
    bounded = min(max(value, LOWEST), HIGHEST)
    share = math.log(bounded / LOWEST) / math.log(HIGHEST / LOWEST)
    return round(share * (WIDTH - 1))


def _fill(cells: list[str], low: float, high: float, character: str) -> None:
    for column in range(_column(low), _column(high) + 1):
        cells[column] = character
