"""What leaders instruct and what units are asked in the demonstration, in Chinese."""

from guantong.demonstration.words.shape import DirectiveWords

DIRECTIVES = DirectiveWords(
    instructions=(
        ("年底前落实{subject}的第二来源", "明确时限和资金渠道。"),
        ("对{place}{subject}再作一次研究", "不必等下次会议。"),
        ("将{subject}提交领导小组研究", "附数据，并提出两套方案。"),
        ("帮助中小企业解决{subject}方面的困难", "先听企业意见，再定办法。"),
    ),
    meetings=("领导小组第{number}次会议", "专班第{number}次周例会"),
    requests=(
        (
            "报送三季度学习书目",
            "供交流会使用。",
            ("已读书目", "已开展学习活动场次", "下一步学习需求"),
        ),
        (
            "报送秋季调研联络人",
            "便于调研组对接。",
            ("各点位一名联络人的姓名、电话",),
        ),
        (
            "报送半年问题情况",
            "供半年报告使用。",
            ("查摆问题及办理状态", "最有成效的做法（一段话）"),
        ),
        (
            "报送夏季调研情况",
            "用于评估基层负担。",
            ("各单位已开展调研次数",),
        ),
    ),
    why_new="现有统计自专项工作启动起算，本次还需上一年度情况。",
    reply="材料已按要求报送，无补充。",
    once_more=("新产线当周投产，此前未运行", "前两次只看了办公区，此次查看炉前作业"),
)
