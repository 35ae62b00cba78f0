"""The addresses of figures: /figures/, /figures/study.sessions_held/ and what is behind."""

from django.urls import path

from guantong.figures.views import pages

urlpatterns = [
    path("figures/", pages.list_figures, name="figures"),
    path("figures/funnels/<str:code>/", pages.show_funnel, name="funnel"),
    path("figures/<str:code>/", pages.show_figure, name="figure"),
    path("figures/<str:code>/records/", pages.list_rows, name="figure-rows"),
]
