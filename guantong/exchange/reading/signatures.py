"""Tells the lines under a table that say who made it and when: 制表人：… 审核人：… 日期：…"""

import datetime as dt
import re
from collections.abc import Callable, Sequence

from guantong.exchange.reading.headers import is_blank
from guantong.kit.sheets import Cell, as_text, plain

_WHO = (
    "制表(?:人|单位)?|填表(?:人|单位)?|填报(?:人|单位|部门)|审核(?:人|单位)?|复核人?|审批人?|批准人?"
    "|核准人?|签发人?|经办人?|(?:单位|部门|主要|分管)?负责人|(?:单位|部门|分管|主管)领导"
    "|签[字名章](?:人|处)?|(?:单位)?盖章|公章"
    "|(?:prepared|compiled|approved|reviewed|checked|verified|signed|submitted)(?: by)?|signature"
)
_WHEN_AND_WHERE = (
    "(?:制表|填表|填报|审核|打印|报送|上报)?(?:日期|时间)|联系人|(?:联系)?(?:电话|方式)|传真|邮箱"
    "|date|phone|tel\\.?|telephone|e-?mail|contact"
)
# Compared as `plain` makes them: narrow colons, small letters, no spaces within a word.
_AFTER = r"(?:签[字名章]|盖章|公章)?\s*(?:\([^()]*\))?\s*:\s*(?P<said>.*)"
_SAID = re.compile(rf"(?:{_WHO}|{_WHEN_AND_WHERE}){_AFTER}", re.S)
_DAY = re.compile(r"\d{0,4}\s*年\s*\d{0,2}\s*月\s*\d{0,2}\s*日|\d{4}([-/.])\d{1,2}\1\d{1,2}")


def is_signature(row: Sequence[Cell]) -> bool:
    """Whether each cell of a row says by a word of its own what it is: who signed, when, where.

    Such a row can't be one of the table, whose cells are told by the header alone.
    """
    is_said = is_open = False
    for cell in row:
        if cell is None or cell == "":
            continue
        text = plain(as_text(cell))
        found = _SAID.fullmatch(text)
        is_day = isinstance(cell, dt.date) or _DAY.fullmatch(text)
        if not (found or is_open or is_day):
            return False
        is_said |= bool(found)
        # 审核人： with the name in the next cell.
        is_open = bool(found and not found["said"])
    return is_said


def signatures_under(
    rows: Sequence[Sequence[Cell]], is_added: Callable[[Sequence[Cell]], object]
) -> set[int]:
    """Return the places of the signatures below the last row; totals and notes may follow them."""
    found = set()
    for place in range(len(rows) - 1, -1, -1):
        if is_blank(rows[place]):
            continue
        if is_signature(rows[place]):
            found.add(place)
        elif not is_added(rows[place]):
            break
    return found
