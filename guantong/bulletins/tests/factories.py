"""A world in which sessions were held, and a bulletin that tells of them."""

from guantong.bulletins.models import Bulletin
from guantong.bulletins.operations import (
    BulletinDraft,
    publish_bulletins,
    sign_bulletins,
    submit_bulletins,
    write_bulletins,
)
from guantong.study.tests.factories import World, held, planned, world
from guantong.units.tests.factories import NOW, TODAY

TEXT_EN = """The units held {{ figure "study.sessions_held" noun="session|sessions" }}.

By format: {{ parts "study.sessions_held" by="format" }}.
The {{ literal "20th" }} meeting looked on.

Areas: {{ names "campaign.areas" }}.
"""
TEXT_ZH = """各单位开展学习{{ figure "study.sessions_held" form="words" }}次。"""


def studied() -> World:
    """Eleven sessions in D1 and one in D2."""
    w = world()
    for _number in range(11):
        held(w, "D1")
    held(w, "D2", format="symposium")
    planned(w, "U1")
    return w


def draft_of(w: World, **values) -> BulletinDraft:
    return BulletinDraft(
        **{
            "campaign": w.campaign,
            "unit": w.units["M"],
            "title": "学习情况",
            "title_en": "On study",
            "as_of": TODAY,
            "signatory": w.people["coordinator"],
            "text_zh": TEXT_ZH,
            "text_en": TEXT_EN,
            **values,
        }
    )


def written(w: World, **values) -> Bulletin:
    drafts = [draft_of(w, **values)]
    return write_bulletins(drafts=drafts, actor=w.people["coordinator"], now=NOW)[0]


def signed(w: World, **values) -> Bulletin:
    bulletin = written(w, **values)
    coordinator = w.people["coordinator"]
    submit_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW)
    sign_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW)
    return bulletin


def published(w: World, **values) -> Bulletin:
    bulletin = signed(w, **values)
    publish_bulletins(bulletins=[bulletin], actor=w.people["coordinator"], now=NOW)
    return bulletin
