"""The words of inspections and special rectifications, in Chinese."""

from guantong.demonstration.words.oversight import OversightWords

OVERSIGHT = OversightWords(
    titles={
        "self_examination": "{unit}专项工作检视查摆",
        "inspection": "对{unit}整改落实情况的督查",
        "spot_check": "{unit}销号问题抽查",
        "disciplinary_feedback": "示范巡视组向{unit}反馈的意见",
        "guidance_feedback": "示范指导组向{unit}反馈的意见",
    },
    purpose="了解学习调研是否见行动、问题整改是否见成效。",
    checklist=(
        "调研发现均有去向",
        "问题清单按月更新",
        "责任人和完成时限明确",
        "销号材料齐全可查",
        "长期措施有专人跟踪",
        "未向基层重复索要报表",
        "来访接待按规定从简",
    ),
    unmet=(
        "抽查六件，有两件查不到依据",
        "台账停在上月，现场说法与台账不一致",
        "责任人已调离三周，尚未移交",
    ),
    met=("查阅原始记录，情况属实", "现场询问三人，说法一致"),
    feedback=(
        "总体有序，个别事项更新不及时，请逐项说明整改安排。",
        "台账与现场有出入，请于两周内核对并回复。",
    ),
    replies=(
        "意见诚恳，全部认领，已列出整改时间表。",
        "已当周补齐，并明确专人按月核对。",
    ),
    objections=("第二项所指事项由另一单位牵头，请予核实。",),
    settlements=(
        "核对属实，转入问题清单跟踪，本次检查办结。",
        "异议部分成立，已更正责任单位，其余照办。",
    ),
    corrected="现场复核后更正",
    drives=(
        ("重复填表报数专项整治", "清理基层反映集中的重复报送，能从系统取数的一律不再索要。"),
        ("安全隐患整改不彻底专项整治", "对反复出现的安全类问题逐项倒查，补上制度漏洞。"),
    ),
    taken_out="与整治主题不符，另行跟踪",
    conclusion="集中整治阶段目标已达到，未办结事项转入日常整改，责任不变。",
    routed=(
        "涉及跨司局的审批规则，本单位无权调整，请部里统筹。",
        "根子在经费口径，需由部里明确。",
    ),
    taken_over="事项属部里职责，由部里牵头，原单位配合。",
    answered=(
        "现行规定已授权各单位自行确定，请依规办理。",
        "拟在年度修订时一并研究，其间请先按临时办法执行。",
    ),
    reviewed=("措施仍在执行，抽查三处均保持", "两处有松动，已提醒并约定下次复查"),
    short_risk="设备一个月内到货，其间以人工巡检替代",
    dismissed="表述相近而成因不同，不作共性问题处理",
)
