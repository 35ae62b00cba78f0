"""Signing in and out; in a demonstration, as anybody of its cast with one click."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from guantong.campaigns.queries import is_demonstration
from guantong.kit.days import day_of
from guantong.overview.forms import SignInForm
from guantong.overview.forms.haste import address_of, hasty, welcome
from guantong.overview.queries import cast
from guantong.overview.queries.cast import Member
from guantong.overview.rules import is_loopback
from guantong.overview.views import keeping

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

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        way = gone_on(request) if request.user.is_authenticated else None
        return way or super().dispatch(request, *args, **options)

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        people, kept = cast_for(self.request), self.request.POST.get("kept", "")
        return super().get_context_data(cast=people, kept=kept, **given)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        name, address = form.get_user().username, address_of(self.request)
        return welcome(self.request, gone_on(self.request) or answer, name, address)

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
    return gone_on(request) or redirect(_way_on(request) or "home")


class SignInAgain(LoginRequiredMiddleware):
    """Asks who isn't signed in to do so, and keeps what they sent meanwhile."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        kept = keeping.kept_of(request)
        if kept is None:
            return super().handle_no_permission(request, view_func)
        return ask_again(request, kept)


def ask_again(request: HttpRequest, kept: keeping.Kept) -> HttpResponse:
    """Ask who sent a form while signed out to sign in; what they typed goes along."""
    shown = {
        "form": SignInForm(request),
        "cast": cast_for(request),
        "kept": keeping.sealed(kept),
        "files": kept.files,
        "was_signed_out": True,
    }
    return render(request, "overview/sign_in.html", shown, status=403)


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Go on in the language chosen, with what was typed before signing in again."""
    answer = set_language(request)
    chosen = answer.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    kept = keeping.opened(request.POST.get("kept", "")) if chosen else None
    if chosen is None or kept is None:
        return answer
    translation.activate(chosen.value)
    page = gone_on(request) if request.user.is_authenticated else ask_again(request, kept)
    assert page is not None
    page.cookies.update(answer.cookies)
    return page


def gone_on(request: HttpRequest) -> HttpResponse | None:
    """Give back what somebody typed before they signed in again, if they did."""
    kept = keeping.opened(request.POST.get("kept", ""))
    return keeping.kept_page(request, kept, _("You are signed in again")) if kept else None


def cast_for(request: HttpRequest) -> list[Member]:
    return cast(day_of(timezone.now())) if offers_cast(request) else []


def _way_on(request: HttpRequest) -> str:
    """The page of ours that somebody wanted before they signed in."""
    way = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(way, {request.get_host()}, request.is_secure())
    return way if is_ours else ""


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")
