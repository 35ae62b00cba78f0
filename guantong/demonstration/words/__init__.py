"""The invented words of the demonstration, in Chinese and in English."""

from guantong.demonstration.words.oversight import OversightWords
from guantong.demonstration.words.shape import AreaWords, Words


def words_in(language: str) -> Words:
    """Return the words of one language, `zh` or `en`."""
    if language == "zh":
        from guantong.demonstration.words.chinese import WORDS
    else:
        from guantong.demonstration.words.english import WORDS
    return WORDS


def oversight_words_in(language: str) -> OversightWords:
    """Return the words of one language, `zh` or `en`."""
    if language == "zh":
        from guantong.demonstration.words.chinese_oversight import OVERSIGHT
    else:
        from guantong.demonstration.words.english_oversight import OVERSIGHT
    return OVERSIGHT


__all__ = ["AreaWords", "OversightWords", "Words", "oversight_words_in", "words_in"]
