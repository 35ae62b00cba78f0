"""How a number is rounded and written, only where it stays true; no Django."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

# A rounding may leave out at most this share of the number.
LEAVES_OUT = Decimal("0.1")
STEPS = tuple(step * 10**power for power in range(9, 0, -1) for step in (5, 1))

ENGLISH = "no one two three four five six seven eight nine ten eleven twelve".split()
CHINESE = "零 一 二 三 四 五 六 七 八 九 十 十一 十二".split()

FORMS = ("exact", "over", "words", "percent", "digits")


def rounded_down(number: int) -> tuple[int, bool]:
    """Return the roundest number not above `number`, and whether `number` is over it.

    420 gives (400, True), which is said “over 400”; 400 gives (400, False), which is 400; and 48,
    of which no round number leaves out less than a tenth, stays 48.
    """
    for step in STEPS:
        floor = number - number % step
        if floor and number - floor <= LEAVES_OUT * number:
            return floor, floor < number
    return number, False


def in_words(number: int, language: str) -> str:
    """Write a small number as a word; nothing from thirteen on, which are written as digits."""
    words = CHINESE if language == "zh" else ENGLISH
    return words[number] if 0 <= number < len(words) else ""


def percent(numerator: int, denominator: int) -> Decimal:
    """Return the share in percent with one place, half up; the denominator isn't zero."""
    share = Decimal(numerator) * 100 / Decimal(denominator)
    return share.quantize(Decimal("0.1"), ROUND_HALF_UP)


def median(values: Sequence[int]) -> Decimal | None:
    """Return the middle value, or half way between the middle two; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Decimal(ordered[middle])
    both = ordered[middle - 1] + ordered[middle]
    return Decimal(both) / 2 if both % 2 else Decimal(both // 2)
