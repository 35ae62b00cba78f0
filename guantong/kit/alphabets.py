"""Which letters beyond a to z go together: those in which the words of one language are written."""

from collections import Counter

_ALPHABETS = tuple(
    map(
        frozenset,
        (
            "àâæçèéêëîïôœùûüÿ",  # French
            "äöüßé",  # German
            "áéíñóúüçàèòïªº",  # Spanish, Catalan
            "àáâãçéêíóôõú",  # Portuguese
            "àèéìíîòóù",  # Italian
            "åäöæøéáðíóúýþ",  # the North
            "ąćęłńóśźż",  # Polish
            "áčďéěíňóřšťúůýžäĺľôŕ",  # Czech, Slovak
            "áéíóöőúüű",  # Hungarian
            "čćđšž",  # Croatian, Slovene
            "ăâîșțşţ",  # Romanian
            "çğıöşüâîû",  # Turkish
        ),
    )
)


def alphabet_of(text: str) -> frozenset[str]:
    """Return the letters of the language that has most of what `text` holds beyond a to z.

    A text read in a wrong encoding shows letters that no language has side by side.
    """
    found = Counter(each for each in text if "\x7f" < each < "\u0250" and each.isalpha())
    lower: Counter[str] = Counter()
    for letter, count in found.items():
        lower[letter.lower()] += count
    return max(
        _ALPHABETS, key=lambda alphabet: sum(n for each, n in lower.items() if each in alphabet)
    )
