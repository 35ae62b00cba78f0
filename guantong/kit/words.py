"""Marks message ids for translation in modules that know nothing of Django."""


def gettext_noop(message: str) -> str:
    """Return `message` as it is; extraction finds it by this function's name."""
    return message
