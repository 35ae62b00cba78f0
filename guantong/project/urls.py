"""Where each part of the site begins."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("guantong.overview.urls")),
    path("", include("guantong.evidence.urls")),
    path("", include("guantong.figures.urls")),
    path("", include("guantong.bulletins.urls")),
    path("", include("guantong.exchange.urls")),
    # Last, since its addresses are of any word: /problems/, /P-0412.
    path("", include("guantong.records.urls")),
]
