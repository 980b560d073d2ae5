"""What is said of calls on an alliance and of how well they are forecast, in both languages."""

ENGLISH: dict[str, str | tuple[str, str]] = {
    "figure.calibration": "What was said of calls for help, and what came",
    "figure.calibration.subtitle": "Forecasts put together by their order, about equally many to a "
    "point, with how many; bars: 95 % interval of how often help came. On the dashed line what "
    "was said came as often as it was said.",
    "figure.calibration.bin": (
        "{said} said, {came} came ({count} call)",
        "{said} said, {came} came ({count} calls)",
    ),
    "figure.calibration.one-out": (
        "Leaving out one at a time ({count} call)",
        "Leaving out one at a time ({count} calls)",
    ),
    "figure.calibration.time": (
        "From earlier calls only ({count} call)",
        "From earlier calls only ({count} calls)",
    ),
    "figure.calibration.said": "probability that was said",
    "figure.calibration.came": "share that came",
}
FINNISH: dict[str, str | tuple[str, str]] = {
    "figure.calibration": "Mitä avunpyynnöistä ennustettiin ja mitä tapahtui",
    "figure.calibration.subtitle": "Ennusteet suuruusjärjestyksessä, pisteessä suunnilleen yhtä "
    "monta, lukumäärä vieressä; janat: 95 prosentin väli sille, kuinka usein apu tuli. "
    "Katkoviivalla ennustettu toteutui yhtä usein kuin ennustettiin.",
    "figure.calibration.bin": (
        "ennuste {said}, toteutui {came} ({count} pyyntö)",
        "ennuste {said}, toteutui {came} ({count} pyyntöä)",
    ),
    "figure.calibration.one-out": (
        "Yksi kerrallaan pois jätettynä ({count} pyyntö)",
        "Yksi kerrallaan pois jätettynä ({count} pyyntöä)",
    ),
    "figure.calibration.time": (
        "Vain aiempien pyyntöjen perusteella ({count} pyyntö)",
        "Vain aiempien pyyntöjen perusteella ({count} pyyntöä)",
    ),
    "figure.calibration.said": "ennustettu todennäköisyys",
    "figure.calibration.came": "toteutunut osuus",
}
