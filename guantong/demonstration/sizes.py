"""How large the demonstration campaigns are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """How many of each there are.

    `pace` is every how many days a unit's desk does its work, `office_pace` the campaign office.

    `projects` counts those that come to be approved; a few more stay on the way.
    """

    departments: int
    affiliated: int
    universities: int
    provinces: int
    offices: int
    sites: int
    visited_sites: int
    projects: int
    visits: int
    findings: int
    problems: int
    measures: int
    inspectors: int
    pace: int
    office_pace: int
    days: int = 182


SIZES = {
    # `offices` is the number of offices under all other units together.
    "small": Size(
        departments=8,
        affiliated=4,
        universities=2,
        provinces=5,
        offices=19,
        sites=60,
        visited_sites=40,
        projects=48,
        visits=110,
        findings=150,
        problems=180,
        measures=380,
        inspectors=2,
        pace=28,
        office_pace=10,
    ),
    "ministry": Size(
        departments=24,
        affiliated=21,
        universities=7,
        provinces=31,
        offices=516,
        sites=1200,
        visited_sites=900,
        projects=420,
        visits=2000,
        findings=3000,
        problems=4000,
        measures=9000,
        inspectors=5,
        pace=28,
        office_pace=7,
    ),
    "group": Size(
        departments=24,
        affiliated=60,
        universities=7,
        provinces=31,
        offices=5880,
        sites=9000,
        visited_sites=6500,
        projects=1500,
        visits=10000,
        findings=24000,
        problems=100000,
        measures=140000,
        inspectors=8,
        pace=28,
        office_pace=7,
    ),
}
