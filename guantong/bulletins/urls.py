"""The addresses of bulletins: /bulletins/, /bulletins/412/, its editions."""

from django.urls import path

from guantong.bulletins.views import checking, pages, writing

urlpatterns = [
    path("bulletins/", pages.list_bulletins, name="bulletins"),
    path("bulletins/new/", writing.write_bulletin, name="bulletin-new"),
    path("bulletins/palette/", writing.show_palette, name="bulletin-palette"),
    path("bulletins/verify/", checking.check_file, name="bulletin-verify"),
    path("bulletins/<int:bulletin_id>/", pages.show_bulletin, name="bulletin"),
    path("bulletins/<int:bulletin_id>/edit/", writing.edit_bulletin, name="bulletin-edit"),
    path("bulletins/<int:bulletin_id>/<str:language>.html", pages.serve_edition, name="edition"),
    path(
        "bulletins/<int:bulletin_id>/<str:language>.<str:form>",
        pages.serve_paper,
        name="edition-paper",
    ),
]
