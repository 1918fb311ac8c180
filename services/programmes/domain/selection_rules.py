"""The numbers by which selection goes, as data: when an alarm is raised, until when is booked."""

from dataclasses import dataclass

from shared.events import integer


@dataclass(frozen=True, kw_only=True)
class SelectionRules:
    """Each ``_from`` is the fewest values with which its test says anything.

    ``nearly_per_cent`` is how many of the values must be as ranks would be; values are too evenly
    spread over ``group_places_from`` places or more if chance does so in at most
    ``too_even_per_mille`` of cases. Columns that agree with another less than
    ``agreement_per_mille`` (Kendall's tau-b in thousandths) are held, and those that agree with no
    other so much that chance would in at most ``direction_per_mille`` of cases. Of a panel
    ``panel_from`` agree at least, or all that were there. Adjustments are erased so many days after
    the cohort starts.
    """

    permutation_from: int = integer(2, 100)
    evenly_from: int = integer(3, 100)
    nearly_from: int = integer(4, 100)
    nearly_per_cent: int = integer(50, 100)
    groups_from: int = integer(4, 100)
    group_places_from: int = integer(3, 100)
    too_even_per_mille: int = integer(1, 500)
    few_values: int = integer(1, 100)
    few_values_from: int = integer(2, 1_000)
    agreement_from: int = integer(3, 1_000)
    agreement_per_mille: int = integer(-1_000, 1_000)
    direction_per_mille: int = integer(1, 500)
    panel_from: int = integer(1, 12)
    booking_closes_hours: int = integer(0, 1_000)
    changes_close_hours: int = integer(0, 1_000)
    adjustments_kept_days: int = integer(0, 1_000)
