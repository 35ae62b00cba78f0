"""Signing in and out; in a demonstration, as anybody of its cast with one click."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from guantong.campaigns.queries import is_demonstration
from guantong.kit.days import day_of
from guantong.overview.forms import SignInForm
from guantong.overview.forms.haste import address_of, hasty, welcome
from guantong.overview.queries import cast
from guantong.overview.rules import is_loopback

# A proxy on this very machine also comes from loopback; whatever it hands on bears one of these.
HANDED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def offers_cast(request: HttpRequest) -> bool:
    """Whether one may sign in by a click: a demonstration, asked for from this machine only."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    return (
        is_loopback(request.META.get("REMOTE_ADDR", ""))
        and is_loopback(host)
        and not any(name in request.headers for name in HANDED_ON)
        and is_demonstration()
    )


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """User name and password, or in a demonstration the row of people."""

    template_name = "overview/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        people = cast(day_of(timezone.now())) if offers_cast(self.request) else []
        return super().get_context_data(cast=people, **given)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_valid(form)
        name, address = form.get_user().username, address_of(self.request)
        return welcome(self.request, answer, name, address)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return hasty(form, super().form_invalid(form))


@login_not_required
@require_POST
def sign_in_as(request: HttpRequest, person_id: int) -> HttpResponse:
    """Sign in as one of a demonstration's cast."""
    if not offers_cast(request):
        raise Http404
    member = next(
        (member for member in cast(day_of(timezone.now())) if member.person.pk == person_id), None
    )
    if member is None:
        raise Http404
    login(request, member.person, backend=BACKEND)
    return redirect("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")
