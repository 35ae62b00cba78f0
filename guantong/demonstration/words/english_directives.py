"""What leaders instruct and what units are asked in the demonstration, in English."""

from guantong.demonstration.words.shape import DirectiveWords

DIRECTIVES = DirectiveWords(
    instructions=(
        ("Have a second source for {subject} by the year's end", "Say by when, and who pays."),
        ("Look once more at {subject} in {place}", "Don't wait for the next meeting."),
        ("Bring {subject} before the leading group", "With figures, and two ways out."),
        ("Help the small firms with {subject}", "Ask them first what would help."),
    ),
    meetings=("Leading group, meeting {number}", "Weekly meeting of the office, no. {number}"),
    requests=(
        (
            "Reading lists of the third quarter",
            "For the exchange meeting.",
            ("Titles that were read", "Study sessions held", "What readers want next"),
        ),
        (
            "Contacts for the autumn visits",
            "So that teams find the gate.",
            ("Name and telephone of one person for each site",),
        ),
        (
            "Problems of the half-year by unit",
            "For the report of the half-year.",
            ("Problems identified, with their state", "What helped most, in a paragraph"),
        ),
        (
            "Visits made in summer",
            "For the review of what visits cost.",
            ("Visits made by each unit",),
        ),
    ),
    why_new="What is held counts from the campaign's first day; the year before is wanted as well.",
    reply="Sent as an attachment to this comment's author; nothing to add.",
    once_more=(
        "A new line starts up that week and was not running before",
        "Two earlier visits saw the offices only; this time it is the furnace",
    ),
)
