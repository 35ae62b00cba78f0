"""The invented words of the demonstration, in Chinese and in English."""

from guantong.demonstration.words.shape import AreaWords, Words


def words_in(language: str) -> Words:
    """Return the words of one language, `zh` or `en`."""
    if language == "zh":
        from guantong.demonstration.words.chinese import WORDS
    else:
        from guantong.demonstration.words.english import WORDS
    return WORDS


__all__ = ["AreaWords", "Words", "words_in"]
