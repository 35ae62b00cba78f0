"""Invented words on what findings are turned into besides problems, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UseWords:
    """Policy documents and spread practices, and a name that was entered wrongly."""

    policy: str
    number: str
    issued_by: str
    lays_down: str
    practice: str
    how: str
    wrong_name: str
    was_away: str
    own_format: str
    own_session: str
    requirement: str


ENGLISH = UseWords(
    policy="Rules on second sources for key parts (invented)",
    number="Demonstration No. 12",
    issued_by="General Office of the invented ministry",
    lays_down="Each lead enterprise names a second source for every part on the list.",
    practice="Joint tool store of neighbouring works (invented)",
    how="Shown at an exchange meeting; three units took the rules of use over.",
    wrong_name="Invented Name",
    was_away="Was on leave that day; entered by mistake",
    own_format="Theme day",
    own_session="Theme day in a workshop (invented)",
    requirement="Each unit holds or joins a session by the end of the first month",
)
CHINESE = UseWords(
    policy="关键零部件备份供应管理办法（虚构）",
    number="示范发〔2023〕12号",
    issued_by="示范部办公厅",
    lays_down="要求链主企业对清单内零部件逐项明确备份供应单位。",
    practice="相邻企业共用模具库的做法（虚构）",
    how="在交流会上介绍，三家单位参照建立使用制度。",
    wrong_name="示例甲",
    was_away="当日请假未到，系误录",
    own_format="主题党日",
    own_session="走进车间主题党日（虚构）",
    requirement="首月内各单位至少开展或参加一次学习活动",
)


def uses_in(language: str) -> UseWords:
    return CHINESE if language == "zh" else ENGLISH
