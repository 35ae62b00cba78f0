"""The eight priority areas of the demonstration, in English."""

from guantong.demonstration.words.shape import AreaWords

# What is said of a subject, after its name.
LACKS = (
    "come from a single source",
    "are in short supply",
    "fall short of what is needed",
    "are behind schedule",
    "are worked on apart",
    "follow different standards",
)
REMEDIES = (
    "Set up coordination of {subject}",
    "Issue a rule on {subject}",
    "Bring supply and demand of {subject} together",
    "Validate a second source of {subject}",
    "Check all {subject} for faults",
    "List {subject} and settle them one by one",
    "Review {subject} each month",
)


def area(
    code: str,
    name: str,
    subjects: str,
    topics: str,
    *indicators: tuple[str, str, str, str, str],
) -> AreaWords:
    return AreaWords(
        code=code,
        name=name,
        subjects=tuple(part.strip() for part in subjects.split(",")),
        lacks=LACKS,
        remedies=REMEDIES,
        topics=tuple(part.strip() for part in topics.split(",")),
        indicators=indicators,
    )


AREAS = (
    area(
        "chains",
        "Resilience and security of industrial and supply chains",
        "precision bearings, special castings, vehicle chips, ship crankshafts, aircraft"
        " fasteners, pure reagents, seals, software licences, rare metals, ball screws,"
        " insulating boards, carbon fibres",
        "Second sources of key components, Early warning in supply chains, Stocks of key firms,"
        " Use of the chain map, Validating substitutes",
        ("Key components with two sources", "%", "up", "46", "65"),
        ("Supply breaks at key firms", "a month", "down", "18", "6"),
        ("Chain warnings acted upon", "%", "up", "60", "90"),
    ),
    area(
        "collaboration",
        "Collaborative innovation",
        "pilot plants, joint laboratories, ways from research to use, shared test benches,"
        " patent pools, technology brokers, lists of common techniques, university instruments,"
        " open calls, innovation alliances",
        "Sharing pilot plants, Using university results nearby, How alliances work,"
        " Organising work on common techniques",
        ("Pilot plants open to others", "plants", "up", "35", "60"),
        ("Technology contracts", "hundred million", "up", "820", "1000"),
        ("Time from result to use", "months", "down", "26", "20"),
    ),
    area(
        "upgrading",
        "Upgrading the industrial system",
        "old production lines, quality records, first machines of a kind, cluster suppliers,"
        " outdated processes, skilled workers, testing capacities, design services,"
        " plans for new equipment, cluster services",
        "Renewal of old industries, Clusters of advanced making, First machines of a kind,"
        " Quality and brands",
        ("Growth of renewal investment", "%", "up", "6.5", "9"),
        ("Share of advanced capacity", "%", "up", "58", "66"),
        ("Products right first time", "%", "up", "93.2", "95"),
    ),
    area(
        "digital",
        "Digital infrastructure",
        "industrial identifiers, park networks, computing schedules, data catalogues,"
        " security measures, base stations, data interfaces, edge nodes, moves of old systems,"
        " sharing platforms",
        "Networks of industrial parks, Sharing industrial data, Pooling computing power,"
        " Small firms in the cloud",
        ("Key parks with their own network", "%", "up", "52", "80"),
        ("Shared catalogues of industrial data", "items", "up", "340", "600"),
        ("Security incidents in key systems", "a month", "down", "9", "3"),
    ),
    area(
        "vehicles",
        "New energy vehicles",
        "charging points, battery returns, swapping standards, vehicle systems, cold-weather"
        " tests, rural garages, battery monitors, parts deliveries, test tracks",
        "Charging in the counties, Recycling of batteries, Tests of connected cars,"
        " Makers and suppliers together",
        ("Cars for each public charger", "cars", "down", "7.2", "5.5"),
        ("Batteries recycled by the rules", "%", "up", "41", "60"),
        ("New energy vehicles made", "ten thousand a month", "up", "52", "75"),
    ),
    area(
        "frontier",
        "Innovation in key fields",
        "materials databases, validation platforms, special machines, measuring instruments,"
        " fine sensors, simulation programs, first-batch insurances, young research teams,"
        " catalogues of new products",
        "Work on key fields, Own instruments, First batches of new materials,"
        " Young research workers",
        ("Key tasks completed", "%", "up", "38", "70"),
        ("First uses of new materials", "uses", "up", "120", "200"),
        ("Research as a share of turnover", "%", "up", "2.4", "2.8"),
    ),
    area(
        "carbon",
        "Carbon peaking in industry",
        "waste heat projects, carbon registers, green power contracts, energy audits, solid"
        " wastes, old boilers, efficiency benchmarks, carbon footprints, water circuits",
        "Saving in heavy industries, Green factories, How to count a footprint, Using solid wastes",
        ("Energy for each unit of output", "tce", "down", "0.52", "0.47"),
        ("Green factories", "factories", "up", "260", "380"),
        ("Solid wastes used again", "%", "up", "55", "62"),
    ),
    area(
        "small",
        "Core competitiveness of small and medium-sized enterprises",
        "loans, unpaid bills, service platforms, testing fees, vacancies, specialised firms,"
        " export papers, digital check-ups, land permits, promised subsidies",
        "Raising specialised firms, Clearing unpaid bills, Subsidies that arrive,"
        " Small firms go digital",
        ("Specialised firms", "firms", "up", "1850", "2400"),
        ("Undisputed debts paid", "%", "up", "64", "95"),
        ("Days until a subsidy arrives", "days", "down", "45", "20"),
    ),
)
