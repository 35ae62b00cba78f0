"""Builds the demonstration campaign: half a year of a fictional ministry, day by day."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable

from django.db import transaction
from django.utils import translation

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import open_campaign, set_days
from guantong.demonstration.building.absences import Absences
from guantong.demonstration.building.auditing import Auditing
from guantong.demonstration.building.cast import MINISTRY, found_units, hire
from guantong.demonstration.building.development import Development
from guantong.demonstration.building.directives import Directives
from guantong.demonstration.building.drives import Drives
from guantong.demonstration.building.field import lay_out
from guantong.demonstration.building.fieldwork import Fieldwork
from guantong.demonstration.building.insight import Insights
from guantong.demonstration.building.inspection import Inspection
from guantong.demonstration.building.lasting import Lasting
from guantong.demonstration.building.oversight import Oversight
from guantong.demonstration.building.papers import Papers
from guantong.demonstration.building.pen import Pen
from guantong.demonstration.building.pending import Pending
from guantong.demonstration.building.pilot import CarriedForward, Pilot
from guantong.demonstration.building.rectification import Rectification
from guantong.demonstration.building.register import Register
from guantong.demonstration.building.remedies import Remedies
from guantong.demonstration.building.research import Research
from guantong.demonstration.building.seldom import Seldom
from guantong.demonstration.building.stage import Stage, moment
from guantong.demonstration.building.study import Study
from guantong.demonstration.building.talk import Talk
from guantong.demonstration.building.uses import Uses
from guantong.demonstration.sizes import Size
from guantong.demonstration.words import directives_in, oversight_words_in, words_in
from guantong.demonstration.words.afterwards import after_in
from guantong.demonstration.words.around import around_in
from guantong.demonstration.words.uses import uses_in
from guantong.kit.statistics import refresh_statistics
from guantong.ledger.watching import told_later


@transaction.atomic
def build(
    *,
    size: Size,
    language: str = "zh",
    seed: int = 1,
    today: datetime.date,
    progress: Callable[[float], None] = lambda share: None,
) -> Campaign:
    """Build the demonstration; it ends on `today`, and the same seed gives the same campaign.

    All of it or nothing: who interrupts it starts anew.
    """
    dice = random.Random(f"{seed}-{language}")
    pen = Pen(words_in(language), dice)
    starts_on = today - datetime.timedelta(size.days)
    # Units and people are there before the campaigns are opened over them.
    before = starts_on - datetime.timedelta(120)
    units = found_units(pen, size, moment(before), before)
    cast = hire(pen, size, units, moment(before), before)
    around = around_in(language)
    pilot = Pilot(
        pen=pen, size=size, cast=cast, dice=dice, seed=f"{seed}-{language}", first=before,
        words=around,
    )  # fmt: skip
    # What the system writes of itself stands in the ledger in the language of the demonstration.
    told_in = "zh-hans" if language == "zh" else language
    with translation.override(told_in), told_later():
        pilot.run()
    campaign = open_campaign(
        code="demo",
        name=pen.words.campaign,
        word=pen.words.campaign_word,
        unit=units[MINISTRY],
        starts_on=starts_on,
        copied_from=pilot.campaign,
        is_demonstration=True,
        actor=None,
        now=moment(starts_on),
    )
    set_days(
        campaign=campaign,
        days={starts_on + datetime.timedelta(days): False for days in (40, 41, 42)},
        actor=None,
        now=moment(starts_on),
    )
    stage = Stage(
        campaign=campaign,
        cast=cast,
        pen=pen,
        size=size,
        dice=dice,
        seed=f"{seed}-{language}",
        last=today,
        areas=list(campaign.areas.all()),
    )
    study, development, papers = Study(stage), Development(stage), Papers(stage)
    field = lay_out(stage)
    research = Research(stage, field, study, papers)
    rectification = Rectification(
        stage, papers, may_take_up=study.may_take_up, sectors=field.sectors
    )
    # Steps of one day are taken in the order in which these are made.
    remedies = Remedies(stage, papers, rectification, indicators=development.indicators)
    inspection = Inspection(stage, rectification, remedies)
    after = after_in(language)
    lasting = Lasting(stage, after, rectification, sites=field.sites)
    auditing = Auditing(stage, after, rectification)
    insights = Insights(stage, rectification, remedies)
    words = directives_in(language)
    Fieldwork(stage, field, research, insights.after, once_more=words.once_more)
    directives = Directives(stage, papers, words, study.may_take_up)
    oversight_words = oversight_words_in(language)
    oversight = Oversight(stage, rectification, oversight_words)
    drives = Drives(stage, rectification, oversight_words)
    carried, register = (
        CarriedForward(stage, pilot, rectification),
        Register(stage, around, field.sites),
    )
    # These look at what the day has brought.
    absences, talk, seldom = Absences(stage), Talk(stage), Seldom(stage)
    uses, pending = Uses(stage, uses_in(language)), Pending(stage, oversight_words)
    for strand in (study, development, research, inspection, directives, lasting, auditing):
        strand.prepare()
    absences.prepare()
    talk.prepare()
    seldom.prepare()
    uses.prepare()
    pending.prepare()
    rectification.prepare(size.problems - round(size.findings * 0.54))
    remedies.prepare()
    oversight.prepare()
    drives.prepare()
    carried.prepare()
    register.prepare()
    with translation.override(told_in), told_later():
        stage.run(progress)
    refresh_statistics()
    return campaign
