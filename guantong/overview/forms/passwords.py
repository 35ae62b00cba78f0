"""What a chosen password must be."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class LongEnough(MinimumLengthValidator):
    """As long as Django asks for, refused in a sentence that its own catalogue lacks in Chinese."""

    def get_error_message(self) -> str:
        sentence = ngettext(
            "This password is too short: at least %(count)s character is needed.",
            "This password is too short: at least %(count)s characters are needed.",
            self.min_length,
        )
        return sentence % {"count": self.min_length}
