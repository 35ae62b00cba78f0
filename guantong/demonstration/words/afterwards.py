"""Invented words on what comes after closing, revisits and audit, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AfterWords:
    """What is found on revisits, and what auditors ask, are told and settle."""

    visit_purpose: str
    lasting: tuple[str, ...]
    back: tuple[str, ...]
    away: str
    complaint: str
    questions: tuple[str, ...]
    answers: tuple[str, ...]
    cleared: tuple[str, ...]
    upheld: tuple[str, ...]
    sound: tuple[str, ...]
    rule: str
    kept_at: str
    personal: str
    redacted: str
    closed_problems: str


ENGLISH = AfterWords(
    visit_purpose="See whether what was put right lasts",
    lasting=(
        "Still as it was when it was closed; the new rule is kept",
        "Three samples since the closing, all in order",
        "The records go on without a gap",
    ),
    back=(
        "The old practice has come back in one workshop",
        "The rule is there, but nobody has kept it since last month",
        "Two of five samples show the same gap again",
    ),
    away="The inspector was posted elsewhere",
    complaint="A letter says that it came back",
    questions=(
        "By which evidence was the criterion found met on the day of closing?",
        "The evidence is of a day before the measure was approved. Why?",
        "Who checked the three samples, and where are their records?",
    ),
    answers=(
        "By the test report that is attached; its date was typed wrongly",
        "The work began before the approval, which was given on paper",
        "The quality section did; the records are in its archive",
    ),
    cleared=("The records were seen and agree with the answer",),
    upheld=("The records are incomplete; the unit completes them within a month",),
    sound=("Criterion, evidence and determination fit together", "Papers complete"),
    rule="Rule on keeping records, demonstration copy",
    kept_at="Archive of the unit, folder 12",
    personal="For questions ask the invented Ms Example, room 0, telephone 000",
    redacted="A private person's name and number, taken out at her wish",
    closed_problems="Problems: State: Closed",
)
CHINESE = AfterWords(
    visit_purpose="查看整改成效是否巩固",
    lasting=(
        "现场与销号时一致，新制度执行到位",
        "销号以来抽查三件，均符合要求",
        "台账连续完整，未见断档",
    ),
    back=(
        "一个车间恢复了原来的做法",
        "制度已立，但上月以来无人执行",
        "抽查五件，两件又出现同样缺项",
    ),
    away="原回访人员借调",
    complaint="有来信反映问题反弹",
    questions=(
        "销号当日依据哪份材料认定达到销号标准？",
        "佐证材料的日期早于措施审定日期，请说明原因。",
        "三件样品由谁抽查，原始记录存于何处？",
    ),
    answers=(
        "依据所附检测报告，报告日期录入有误，已更正",
        "工作先行开展，审定系线下签批",
        "由质量科抽查，原始记录存于该科档案",
    ),
    cleared=("已查阅原始记录，与答复一致",),
    upheld=("原始记录不全，责成单位一个月内补齐",),
    sound=("销号标准、佐证材料与核查结论相符", "材料齐全"),
    rule="台账管理制度（演示件）",
    kept_at="单位档案室第12卷",
    personal="有疑问请联系虚构人员示小姐，0号房间，电话000",
    redacted="应本人要求隐去个人姓名和电话",
    closed_problems="问题：状态：已销号",
)


def after_in(language: str) -> AfterWords:
    """Return the words of one language, `zh` or `en`."""
    return CHINESE if language == "zh" else ENGLISH
