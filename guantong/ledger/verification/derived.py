"""What is kept beside the ledger for speed or for its size, and must be what its entries say."""

from collections.abc import Callable, Iterable

from guantong.ledger.verification.findings import Difference, Progress, Verification

Check = Callable[[Verification, Progress], None]
# What it is of, what is kept, and what the ledger or the rest of the row says that it must be.
Comparison = tuple[str, str, str]
_checks: list[Check] = []
_compared: set[tuple[str, str]] = set()


def also_check(check: Check) -> Check:
    """Have `verify` call `check` too; it adds what it finds. Called when an app is ready."""
    if check not in _checks:
        _checks.append(check)
    return check


def also_compare(kind: str, field: str, each: Callable[[], Iterable[Comparison]]) -> None:
    """Have `verify` compare a field of a tracked kind that no entry holds. Called as above."""

    def check(found: Verification, progress: Progress) -> None:
        done = 0
        for subject, kept, said in each():
            done += 1
            if kept != said:
                found.found(
                    Difference.ROW_ALTERED,
                    subject=subject,
                    field=field,
                    row=f"“{kept}”",
                    ledger=f"“{said}”",
                )
        progress(f"{kind}.{field}", done, done)

    _compared.add((kind, field))
    also_check(check)


def compared() -> set[tuple[str, str]]:
    """Return the fields (kind, name) that no entry holds and that are compared all the same."""
    return set(_compared)


def check_derived(found: Verification, progress: Progress) -> None:
    """Run all checks of what is kept beside the ledger."""
    for check in _checks:
        check(found, progress)
