"""How far past its due day a record is, as the level at which it is supervised (rule 8)."""


def escalation_level(days_late: int, *, head: int, above: int, coordinator: int) -> int:
    """Return 0 (in time), 1 (unit head), 2 (unit above) or 3 (coordinator).

    `days_late` are working days past the due day; the rest are the campaign's days of grace.
    """
    if days_late <= 0:
        return 0
    return sum((days_late > head, days_late > above, days_late > coordinator))
