"""Invented words on what lies around the campaign: its pilot, a register, a correction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AroundWords:
    """How the campaign before is named and closed, and what a register and a correction say."""

    pilot: str
    pilot_closed: str
    register: str
    register_file: str
    code: str
    name: str
    sector: str
    correction: str
    correction_en: str
    withdrawn: str


ENGLISH = AroundWords(
    pilot="Pilot round of the campaign in the Demonstration Ministry (all invented)",
    pilot_closed="The pilot is over; what is still open goes on in the campaign",
    register="Register of enterprises (invented)",
    register_file="enterprises.csv",
    code="No",
    name="Enterprise",
    sector="Sector",
    correction="本期更正前一期中的进展情况",
    correction_en="Correction of the progress reported in the issue before",
    withdrawn="Figures of the wrong day were printed; the correction gives those of the right one",
)
CHINESE = AroundWords(
    pilot="示范工业部专项工作试点阶段（演示数据，均为虚构）",
    pilot_closed="试点阶段工作结束，未办结事项转入本次专项工作",
    register="企业名录（虚构）",
    register_file="企业名录.csv",
    code="序号",
    name="企业",
    sector="行业",
    correction="更正前一期工作进展",
    correction_en="Correction of the progress reported in the issue before",
    withdrawn="前一期统计截止日期有误，已发更正",
)


def around_in(language: str) -> AroundWords:
    """Return the words of one language, `zh` or `en`."""
    return CHINESE if language == "zh" else ENGLISH
