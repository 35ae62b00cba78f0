"""The invented words of the demonstration, in Chinese and in English."""

from guantong.demonstration.words.oversight import OversightWords
from guantong.demonstration.words.shape import AreaWords, DirectiveWords, Words


def words_in(language: str) -> Words:
    """Return the words of one language, `zh` or `en`."""
    if language == "zh":
        from guantong.demonstration.words.chinese import WORDS
    else:
        from guantong.demonstration.words.english import WORDS
    return WORDS


def directives_in(language: str) -> DirectiveWords:
    """Return what is instructed and asked in one language, `zh` or `en`."""
    if language == "zh":
        from guantong.demonstration.words.chinese_directives import DIRECTIVES
    else:
        from guantong.demonstration.words.english_directives import DIRECTIVES
    return DIRECTIVES


def oversight_words_in(language: str) -> OversightWords:
    """Return what is inspected, driven and routed up in one language, `zh` or `en`."""
    if language == "zh":
        from guantong.demonstration.words.chinese_oversight import OVERSIGHT
    else:
        from guantong.demonstration.words.english_oversight import OVERSIGHT
    return OVERSIGHT


__all__ = [
    "AreaWords",
    "DirectiveWords",
    "OversightWords",
    "Words",
    "directives_in",
    "oversight_words_in",
    "words_in",
]
