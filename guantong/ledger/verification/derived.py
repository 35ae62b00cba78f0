"""Tables kept beside the ledger for speed, which must say what its entries say."""

from collections.abc import Callable

from guantong.ledger.verification.findings import Progress, Verification

Check = Callable[[Verification, Progress], None]
_checks: list[Check] = []


def also_check(check: Check) -> Check:
    """Have `verify` call `check` too; it adds what it finds. Called when an app is ready."""
    if check not in _checks:
        _checks.append(check)
    return check


def check_derived(found: Verification, progress: Progress) -> None:
    """Run all checks of derived tables."""
    for check in _checks:
        check(found, progress)
