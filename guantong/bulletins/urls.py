"""The addresses of bulletins: /bulletins/, /bulletins/412/, its editions."""

from django.urls import path

from guantong.bulletins.views import pages

urlpatterns = [
    path("bulletins/", pages.list_bulletins, name="bulletins"),
    path("bulletins/new/", pages.write_bulletin, name="bulletin-new"),
    path("bulletins/<int:bulletin_id>/", pages.show_bulletin, name="bulletin"),
    path("bulletins/<int:bulletin_id>/edit/", pages.edit_bulletin, name="bulletin-edit"),
    path("bulletins/<int:bulletin_id>/<str:language>.html", pages.serve_edition, name="edition"),
    path(
        "bulletins/<int:bulletin_id>/<str:language>.<str:form>",
        pages.serve_paper,
        name="edition-paper",
    ),
]
