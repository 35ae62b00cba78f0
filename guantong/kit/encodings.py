"""Finds in which encoding a text file was written, and says what it decided on and why."""

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.kit.alphabets import alphabet_of

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In the order in which they win a tie: the commonest first.
_ONE_BYTE = (
    "cp1252", "mac_roman", "cp1250", "cp1251", "mac_cyrillic", "koi8_r", "cp1253", "cp1254",
    "mac_latin2", "iso8859_2", "cp850", "cp852", "cp866",
)  # fmt: skip
_TWO_BYTES = ("gb18030", "big5", "cp932", "cp949", "euc_jp")
# A spreadsheet program's “CSV (MS-DOS)”, and what few programs of an office write.
_SELDOM = ("iso8859_2", "cp850", "cp852", "cp866", "cp1254", "mac_latin2")
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "euc_jp": "EUC-JP",
    "cp850": "DOS 850",
    "cp852": "DOS 852",
    "cp866": "DOS 866",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "iso8859_2": "Latin-2",
    "koi8_r": "KOI8-R",
    "latin-1": "Latin-1",
    "mac_roman": "Mac Roman",
    "mac_cyrillic": "Mac Cyrillic",
    "mac_latin2": "Mac Central European",
}
# So few characters of two bytes may all be everyday ones in several encodings by chance.
_FEW = 20
# A file of which more is lost is in another encoding.
_MOST_LOST = 0.05
_LOST = re.compile("[\udc80-\udcff]+")
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_WORD = re.compile(r"\w*[^\x00-\x7f][^\s,;\t\"]*")


@dataclass
class Decoded:
    """A file's text, its encoding, and the lines (from 1) that had to be read in another.

    `kept` has what is no character in that encoding as lone surrogates, so that the file can be
    written again byte for byte; in `text` it is �.
    """

    kept: str
    encoding: str
    notes: list[str] = field(default_factory=list)
    strays: dict[int, str] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        return _shown(self.kept)


class CannotDecode(Exception):
    """The file is no text in the encoding that was asked for."""


def decode(content: bytes, encoding: str = "") -> Decoded:
    """Return the text of `content`; `encoding` is taken at its word where it is given."""
    if encoding:
        return _as_told(content, encoding)
    for mark, name in _BOMS:
        if content.startswith(mark):
            try:
                return Decoded(content.decode(name), name)
            except UnicodeDecodeError:
                if name == "utf-8-sig":
                    mixed = _mixed(content[len(mark) :])
                    return Decoded(mixed.kept, name, mixed.notes, mixed.strays)
                raise CannotDecode(_("The file begins as UTF-16 but is damaged.")) from None
    if wide := _wide_without_mark(content):
        return Decoded(content.decode(wide, "replace"), wide, [_found(NAMES[wide], "")])
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if error.end == len(content) and error.reason == "unexpected end of data":
            return Decoded(_kept(content, "utf-8"), "utf-8", [_broken_off()])
    lines = [line for line in _LINE.findall(content) if line and not line.isascii()]
    valid = [line for line in lines if _is_utf8(line)]
    # A legacy text may by chance hold a line that is UTF-8; a UTF-8 text doesn't hold a dozen
    # that aren't, unless it was put together from two sources.
    if valid and 4 * len(valid) >= len(lines):
        return _mixed(content)
    name, runner_up = guess(lines, has_mac_ends=_has_mac_ends(content))
    text, notes = _as_far_as_it_goes(content, name)
    if runner_up and _reads_alike(content, text, runner_up):
        runner_up = ""
    return Decoded(text, name, [_found(NAMES[name], _shown(text), runner_up), *notes])


def _as_far_as_it_goes(content: bytes, encoding: str) -> tuple[str, list[str]]:
    """Decode, and say so where the file ends within a character or holds what is none."""
    try:
        return content.decode(encoding), []
    except UnicodeDecodeError as error:
        is_end = error.end >= len(content.rstrip())
        return _kept(content, encoding), [_broken_off()] if is_end else []


def _kept(content: bytes, encoding: str) -> str:
    """Decode with what is no character as lone surrogates, one for each byte."""
    return content.decode(encoding, "surrogateescape")


def _shown(kept: str) -> str:
    return _LOST.sub("\ufffd", kept)


def _broken_off() -> str:
    return _("The file breaks off within a character: its end is missing.")


def _reads_alike(content: bytes, text: str, encoding: str) -> bool:
    try:
        return content.decode(encoding) == text
    except UnicodeDecodeError:
        return True


def _as_told(content: bytes, encoding: str) -> Decoded:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise CannotDecode(_("“%(name)s” is no encoding.") % {"name": encoding}) from None
    name = {"utf-8": "utf-8-sig", "gbk": "gb18030", "gb2312": "gb18030"}.get(name, name)
    try:
        return Decoded(content.decode(name), name)
    except UnicodeDecodeError as error:
        kept = _kept(content, name)
        if _is_nearly_whole(kept):
            return Decoded(kept, name)
        line = len(re.findall(rb"\r\n|\r|\n", content[: error.start])) + 1
        raise CannotDecode(
            _("The file is not %(name)s throughout; line %(line)s is the first that isn't.")
            % {"name": encoding, "line": line}
        ) from None


def _found(name: str, text: str, runner_up: str = "") -> str:
    seen = list(dict.fromkeys(_WORD.findall(text)))[:4]
    said = _("The encoding was found to be %(name)s.") % {"name": name}
    if seen:
        said += " " + _("Words read so: %(words)s.") % {"words": ", ".join(seen)}
    if runner_up:
        said += " " + _("It may also be %(name)s: look at these words.") % {
            "name": NAMES[runner_up]
        }
    return said


def _wide_without_mark(content: bytes) -> str:
    """Return which UTF-16 a file without its mark is: line ends and commas are half zeros in it."""
    sample = content[:4096]
    if len(sample) < 8 or b"\x00" not in sample:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 8 * even:
        name, zeros = "utf-16-le", odd
    elif even > 8 * odd:
        name, zeros = "utf-16-be", even
    else:
        return ""
    # Letters of one byte read in pairs look like rare Chinese characters.
    return name if zeros > 0.15 * len(sample) or _is_everyday(sample, name) else ""


def _is_everyday(sample: bytes, encoding: str) -> bool:
    wide = [each for each in sample.decode(encoding, "ignore") if ord(each) > 0x2E7F]
    common = sum(_is_common(each, "gb18030") or _is_common(each, "big5") for each in wide)
    return bool(wide) and common > 0.8 * len(wide)


def _is_nearly_whole(kept: str) -> bool:
    """Whether so little of a text is lost that it is nonetheless in this encoding."""
    lost = len(_LOST.findall(kept))
    wide = sum(1 for each in kept if ord(each) > 0x7F)
    return lost <= _MOST_LOST * wide


def _is_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8, or was before it lost some bytes: a cell cut off within a character.

    What a line of another encoding shows as UTF-8 by chance are rare characters of many scripts.
    """
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        kept = _kept(line, "utf-8")
        wide = [each for each in _LOST.sub("", kept) if ord(each) > 0x7F]
        everyday = Counter(map(_everyday_script, wide))
        del everyday[""]
        return 2 * len(_LOST.findall(kept)) <= len(wide) and max(
            everyday.values(), default=0
        ) >= 0.8 * len(wide)
    return True


def _everyday_script(character: str) -> str:
    code = ord(character)
    if code > 0x2E7F:
        return "wide" if any(_is_common(character, name) for name in _TWO_BYTES) else ""
    return _script(character) if code < 0x530 else ""


def _has_mac_ends(content: bytes) -> bool:
    return content.count(b"\r") > 10 * content.count(b"\n")


def _mixed(content: bytes) -> Decoded:
    """Decode a file that is UTF-8 but for some lines, and say which."""
    lines = [line for line in _LINE.findall(content) if line]
    strays = [number for number, line in enumerate(lines) if not _is_utf8(line)]
    if not strays:
        return Decoded(_kept(content, "utf-8"), "utf-8")
    name, _runner_up = guess([lines[n] for n in strays], has_mac_ends=_has_mac_ends(content))
    texts = [
        _kept(line, name if _is_stray else "utf-8")
        for line, _is_stray in zip(lines, _flags(strays, len(lines)), strict=True)
    ]
    note = ngettext(
        "The file is UTF-8, but %(count)s line is not and was read as %(name)s.",
        "The file is UTF-8, but %(count)s lines are not and were read as %(name)s.",
        len(strays),
    ) % {
        "count": len(strays),
        "name": NAMES[name],
    }
    return Decoded("".join(texts), "utf-8", [note], {n + 1: name for n in strays})


def _flags(numbers: Sequence[int], length: int) -> list[bool]:
    flags = [False] * length
    for number in numbers:
        flags[number] = True
    return flags


def guess(lines: Iterable[bytes], *, has_mac_ends: bool = False) -> tuple[str, str]:
    """Return the likeliest legacy encoding of lines that aren't UTF-8, and a close second or ""."""
    sample = b"\n".join(line.strip() for line in lines)[:200_000]
    scores: dict[str, float] = {}
    for name in (*_ONE_BYTE, *_TWO_BYTES):
        # A sample may end within a character of two bytes.
        text = _kept(sample, name)
        if _LOST.search(text) and (name in _ONE_BYTE or not _is_nearly_whole(text[:-1])):
            continue
        score = _of_two_bytes(sample, text, name) if name in _TWO_BYTES else _of_one_byte(text)
        if name.startswith("mac_") and has_mac_ends:
            score += 0.03
        if name in _SELDOM:
            score -= 0.04
        scores[name] = score
    if not scores or max(scores.values()) < -2:
        return "latin-1", ""
    ranked = sorted(scores, key=lambda name: -scores[name])
    close = [name for name in ranked[1:2] if scores[name] > scores[ranked[0]] - 0.15]
    return ranked[0], close[0] if close else ""


def _of_two_bytes(sample: bytes, text: str, name: str) -> float:
    """Score a reading by how many of its characters are such as its script uses every day."""
    wide = [character for character in text if ord(character) > 0x7F]
    if not wide:
        return -9.0
    if name == "euc_jp" and not any("ぁ" <= each <= "ヺ" for each in wide):
        # Japanese is never written without kana; Chinese read so has none.
        return -9.0
    common = sum(_is_common(character, name) for character in wide) / len(wide)
    # In a text of one-byte letters the high bytes stand alone; here they come in pairs.
    high = sum(byte > 0x7F for byte in sample)
    runs = re.findall(rb"[\x80-\xff]{4,}", sample)
    dense = sum(map(len, runs)) / high
    if (
        name == "cp949"
        and common > 0.9
        and len(wide) >= _FEW
        and sum("가" <= each <= "힣" for each in wide) > 0.95 * len(wide)
    ):
        # Chinese read as Korean is half Chinese characters; Korean read as Chinese looks common.
        return 3.0
    return 3.0 * common + dense - 2.0


def _is_common(character: str, name: str) -> bool:
    try:
        code = character.encode(name)
    except UnicodeEncodeError:
        return False
    if len(code) != 2:
        return False
    first, second = code
    if name == "gb18030":  # GB 2312: signs in A1-A3, the 3,755 everyday characters in B0-D7.
        return second >= 0xA1 and (0xB0 <= first <= 0xD7 or 0xA1 <= first <= 0xA3)
    if name == "big5":  # the 5,401 everyday characters in A4-C6, signs before them.
        return 0xA1 <= first <= 0xC6
    if name == "euc_jp":  # signs and kana in A1-A5, the 2,965 everyday characters in B0-CF.
        return 0xB0 <= first <= 0xCF or 0xA1 <= first <= 0xA5
    if name == "cp932":  # kana and the 2,965 everyday characters.
        return 0x81 <= first <= 0x98
    return (0xB0 <= first <= 0xC8 and second >= 0xA1) or first in (0xA1, 0xA4)


def _of_one_byte(text: str) -> float:
    """Score a reading by whether each character beyond ASCII fits what stands beside it."""
    score, count = 0.0, 0
    alphabet = alphabet_of(text)
    for found in re.finditer(r"[^\x00-\x7f]", text):
        place = found.start()
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        score += _fit(text[place], before, after, alphabet)
        count += 1
    return score / count if count else 0.0


def _script(character: str) -> str:
    code = ord(character)
    if 0x400 <= code < 0x530:
        return "cyrillic"
    if 0x370 <= code < 0x400:
        return "greek"
    return "latin" if character.isalpha() else ""


def _fit(character: str, before: str, after: str, alphabet: frozenset[str]) -> float:
    script = _script(character)
    if script in ("cyrillic", "greek"):
        beside = [_script(each) for each in (before, after) if each.isalpha()]
        mixed = sum(each != script for each in beside)
        # A capital after a small letter is how a wrong reading of these tables looks.
        turned = character.isupper() and before.islower()
        return (1.0 if beside else -0.5) - 1.5 * mixed - 1.5 * turned
    if script == "latin":
        if character in "ªº":
            return 0.3 if before.isdigit() or before in "nN" else -1.0
        if character.isupper() and (before.islower() or (before.isalpha() and after.islower())):
            return -2.0
        if ord(character) > 0x7F and ord(before) > 0x7F and ord(after) > 0x7F:
            return -0.7
        rare = 0.0 if character.lower() in alphabet else 0.9
        return (1.0 if before.isalpha() or after.isalpha() else -0.5) - rare
    return _fit_of_sign(character, before, after)


def _fit_of_sign(sign: str, before: str, after: str) -> float:
    if sign == "’":
        return 1.2 if before.isalnum() else -0.2
    if sign in "“‘«":
        return 1.0 if not before.isalnum() and not after.isspace() else -0.8
    if sign in "”»":
        return 1.0 if not before.isspace() and not after.isalnum() else -0.8
    if sign in "–—":
        return 0.9 if before.isspace() == after.isspace() else 0.3
    if sign in "…•·\xa0":
        return 0.6
    if sign in "€£¥§":
        return -1.0 if before.isalpha() or after.isalpha() else 0.5
    if sign in "©®™°№":
        return 0.5 if not (before.isalpha() and after.isalpha()) else -1.0
    if sign in "½¼¾²³±×µ":
        return 0.4 if before.isdigit() or before.isspace() else -1.0
    if ord(sign) < 0xA0:
        return -3.0
    return -1.5 if before.isalpha() or after.isalpha() else -0.6
