"""What is typed to sign in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """User name and password."""

    error_messages = {
        "invalid_login": _(
            "User name and password don't go together. Both mind capital letters. "
            "A new password comes from the system administrator."
        ),
        "inactive": _("This account is closed. Ask the system administrator."),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = _("User name")
        password = self.fields["password"]
        assert isinstance(password, forms.CharField)
        password.label = _("Password")
