"""Where each part of the site begins."""

from django.urls import URLPattern, URLResolver, include, path

# Loaded before the others, whose addresses are made with its converters.
from guantong.records import urls as records

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guantong.overview.urls")),
    path("", include("guantong.evidence.urls")),
    path("", include("guantong.audit.urls")),
    path("", include("guantong.figures.urls")),
    path("", include("guantong.bulletins.urls")),
    path("", include("guantong.visits.urls")),
    path("", include("guantong.exchange.urls")),
    path("", include("guantong.routine.urls")),
    # Last, since its addresses are of any word: /problems/, /P-0412.
    path("", include(records)),
]
