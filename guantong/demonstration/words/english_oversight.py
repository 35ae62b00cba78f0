"""The words of inspections and special rectifications, in English."""

from guantong.demonstration.words.oversight import OversightWords

OVERSIGHT = OversightWords(
    titles={
        "self_examination": "Self-examination of {unit}",
        "inspection": "How {unit} carries out its rectification",
        "spot_check": "Spot check of closed problems at {unit}",
        "disciplinary_feedback": "What the demonstration's inspection team told {unit}",
        "guidance_feedback": "What the demonstration's guidance group told {unit}",
    },
    purpose="Whether study and research lead to action, and rectification to results.",
    checklist=(
        "Every finding has led somewhere",
        "The problem list is brought up to date each month",
        "Persons responsible and due days are named",
        "Papers of closed problems are complete",
        "Somebody follows each long-term measure",
        "No report is asked for twice from those below",
        "Visitors are received without show",
    ),
    unmet=(
        "Of six cases looked at two have nothing to show",
        "The list stops a month ago, and the site says otherwise",
        "The person named left three weeks ago; nobody took over",
    ),
    met=("The original records bear it out", "Three people asked on site say the same"),
    feedback=(
        "In good order on the whole; some entries are late. Say what will be done about each.",
        "List and site differ. Compare them within two weeks and reply.",
    ),
    replies=(
        "We accept all of it and have set days for each point.",
        "Completed within the week; one person now compares them each month.",
    ),
    objections=("The second point belongs to another unit. Please look again.",),
    settlements=(
        "Found as said; the problems are followed on the list, the inspection is settled.",
        "The objection holds in part; the unit is corrected, the rest stands.",
    ),
    corrected="Corrected after a second look on site",
    drives=(
        ("No form filled in twice", "Ask those below for nothing that is held already."),
        ("Dangers put right for good", "Trace dangers that come back, and close the gap behind."),
    ),
    taken_out="It is about something else and is followed by itself",
    conclusion="The aim is reached; what is still open goes on as usual with the same units.",
    routed=(
        "The rule is set above us and reaches over several departments.",
        "The cause lies in how funds are divided, which the ministry decides.",
    ),
    taken_over="This is the ministry's to solve; the unit that asked helps.",
    answered=(
        "The rule in force leaves this to each unit. Please decide it yourselves.",
        "It will be looked at when the rule is revised; go by the interim one until then.",
    ),
    reviewed=(
        "Still carried out; three places looked at all keep to it",
        "Two places have grown slack; told so, and the next day is set",
    ),
    short_risk="The equipment comes within a month; people walk the rounds until then",
    dismissed="Close in words and different in cause: no systemic problem",
)
