"""What is said of calls on an alliance and of how well they are forecast, in both languages."""

ENGLISH: dict[str, str | tuple[str, str]] = {
    "statements.past-calls": "from calls before and after: `{command}`",
    "calls.before": "Before: was {body} a paper tiger?",
    "calls.step": "The call and its answer: was it a step?",
    "calls.next": "The next calls on {body}",
    "calls.others": "How others of its kind answered when called",
    "calls.legend": "Chances with their 80 % range, from one hierarchical fit of calls that were "
    "the government's own (`foedus history fit`); help in part and mere threats count as refused. "
    "Each chance uses only what was known by its day.",
    "calls.none-before": "No call on {body} was known before {day}; by what others did it would "
    "take up the next with probability {chance}.",
    "calls.earlier": (
        "{count} call on {body} was known before {day}, {granted} taken up: {names}.",
        "{count} calls on {body} were known before {day}, {granted} taken up: {names}.",
    ),
    "calls.chance": "By what others did it would take up the next with probability {others}; with "
    "its own record, {own}.",
    "calls.in-a-row": "Had it been like the others, so many refusals in a row had a probability of "
    "{share}.",
    "calls.not-in-table": "The case's own call is not among the calls of the table.",
    "calls.own": "{name}; the chance that it would be taken up had been {share}.",
    "calls.belief": "What that taught about how willing it was all along: {points}, from {before} "
    "to {after}.",
    "calls.acted": "What having acted changed by itself: {points}, from {before} to {after}.",
    "calls.refused": "What having refused changed by itself: {points}, from {before} to {after}.",
    "calls.unsettled": "The latter rests on `{name}`: {now} ± {error} in log odds from the calls "
    "of all bodies, {was} ± {before} beforehand; its sign is not settled (two standard "
    "deviations).",
    "calls.settled": "The latter rests on `{name}`: {now} ± {error} in log odds from the calls of "
    "all bodies, {was} ± {before} beforehand; its sign is settled (two standard deviations).",
    "calls.by-case": "The case itself believes that `{name}` is {law}: by that the change would "
    "have been {points}, to {after}.",
    "calls.points": ("{count} percentage point", "{count} percentage points"),
    "calls.named": "{who}, facing {threat} ({id}): {decision}",
    "calls.short": "{who} {year} {decision}",
    "calls.again": "{year} {decision}",
    "calls.later": "{name}; asked {day}, when the chance that it would be taken up was {chance}.",
    "calls.no-later": "The table has no later call.",
    "calls.other": (
        "{body}: {granted} of {count} call taken up ({names}); the next with probability {chance}.",
        "{body}: {granted} of {count} calls taken up ({names}); the next with probability "
        "{chance}.",
    ),
    "calls.no-others": "The table has none before that day.",
    "calls.head-body": "body",
    "calls.head-granted": "taken up",
    "calls.head-next": "the next, %",
    "calls.head-calls": "calls",
    "calls.decision-granted": "granted",
    "calls.decision-partial": "in part",
    "calls.decision-refused": "refused",
    "figure.calibration": "What was said, and what came",
    "figure.calibration.subtitle": "Forecasts put together by their order, about equally many to a "
    "point, with how many; bars: 95 % interval of how often it came. On the dashed line what "
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
    "figure.calibration.bin-questions": (
        "{said} said, {came} came ({count} question)",
        "{said} said, {came} came ({count} questions)",
    ),
    "figure.calibration.questions": (
        "All that the library asked ({count} question)",
        "All that the library asked ({count} questions)",
    ),
    "figure.calibration.given": (
        "What it asked on a condition ({count} question)",
        "What it asked on a condition ({count} questions)",
    ),
    "figure.calibration.said": "probability that was said",
    "figure.calibration.came": "share that came",
}
FINNISH: dict[str, str | tuple[str, str]] = {
    "statements.past-calls": "aiemmista ja myöhemmistä pyynnöistä: `{command}`",
    "calls.before": "Ennen: oliko {body} paperitiikeri?",
    "calls.step": "Pyyntö ja vastaus: oliko se askel?",
    "calls.next": "Seuraavat pyynnöt, {body}",
    "calls.others": "Miten muut vastaavat ovat vastanneet pyyntöihin",
    "calls.legend": "Todennäköisyydet 80 prosentin väleineen yhdestä hierarkkisesta sovituksesta "
    "hallitusten omiin pyyntöihin (`foedus history fit`); osittainen apu ja pelkkä uhkaus "
    "lasketaan torjunnaksi. Kussakin on käytetty vain sitä, mitä silloin tiedettiin.",
    "calls.none-before": "Ennen {day} ei tunneta yhtään pyyntöä ({body}); muiden perusteella "
    "seuraavaan suostutaan todennäköisyydellä {chance}.",
    "calls.earlier": (
        "Ennen {day} tunnetaan {count} pyyntö ({body}), johon suostuttuja {granted}: {names}.",
        "Ennen {day} tunnetaan {count} pyyntöä ({body}), joista suostuttuja {granted}: {names}.",
    ),
    "calls.chance": "Muiden perusteella seuraavaan suostuttaisiin todennäköisyydellä {others}, "
    "omien vastausten perusteella {own}.",
    "calls.in-a-row": "Jos se olisi muiden kaltainen, näin monen peräkkäisen torjunnan "
    "todennäköisyys olisi ollut {share}.",
    "calls.not-in-table": "Tapauksen oma pyyntö ei ole taulukossa.",
    "calls.own": "{name}; suostumisen todennäköisyys oli ollut {share}.",
    "calls.belief": "Mitä se opetti siitä, kuinka halukas liitto oli ollut koko ajan: {points}, "
    "{before} → {after}.",
    "calls.acted": "Mitä toimiminen itsessään muutti: {points}, {before} → {after}.",
    "calls.refused": "Mitä torjunta itsessään muutti: {points}, {before} → {after}.",
    "calls.unsettled": "Jälkimmäinen perustuu parametriin `{name}`: {now} ± {error} "
    "logaritmista vetoa kaikkien pyyntöjen perusteella, etukäteen {was} ± {before}; etumerkki ei "
    "ole ratkennut (kaksi keskihajontaa).",
    "calls.settled": "Jälkimmäinen perustuu parametriin `{name}`: {now} ± {error} "
    "logaritmista vetoa kaikkien pyyntöjen perusteella, etukäteen {was} ± {before}; etumerkki on "
    "ratkennut (kaksi keskihajontaa).",
    "calls.by-case": "Tapaus itse uskoo, että `{name}` on {law}: sen mukaan muutos olisi ollut "
    "{points}, tulos {after}.",
    "calls.points": ("{count} prosenttiyksikkö", "{count} prosenttiyksikköä"),
    "calls.named": "{who}, uhkana {threat} ({id}): {decision}",
    "calls.short": "{who} {year} {decision}",
    "calls.again": "{year} {decision}",
    "calls.later": "{name}; pyydetty {day}, jolloin suostumisen todennäköisyys oli {chance}.",
    "calls.no-later": "Taulukossa ei ole myöhempää pyyntöä.",
    "calls.other": (
        "{body}: suostuttu {granted}/{count} ({names}); seuraavaan todennäköisyydellä {chance}.",
        "{body}: suostuttu {granted}/{count} ({names}); seuraavaan todennäköisyydellä {chance}.",
    ),
    "calls.no-others": "Taulukossa ei ole yhtään ennen tätä päivää.",
    "calls.head-body": "keneltä",
    "calls.head-granted": "suostuttu",
    "calls.head-next": "seuraava, %",
    "calls.head-calls": "pyynnöt",
    "calls.decision-granted": "suostuttu",
    "calls.decision-partial": "osittain",
    "calls.decision-refused": "torjuttu",
    "figure.calibration": "Mitä ennustettiin ja mitä tapahtui",
    "figure.calibration.subtitle": "Ennusteet suuruusjärjestyksessä, pisteessä suunnilleen yhtä "
    "monta, lukumäärä vieressä; janat: 95 prosentin väli sille, kuinka usein niin kävi. "
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
    "figure.calibration.bin-questions": (
        "ennuste {said}, toteutui {came} ({count} kysymys)",
        "ennuste {said}, toteutui {came} ({count} kysymystä)",
    ),
    "figure.calibration.questions": (
        "Kaikki mitä tapaukset kysyivät ({count} kysymys)",
        "Kaikki mitä tapaukset kysyivät ({count} kysymystä)",
    ),
    "figure.calibration.given": (
        "Mitä ne kysyivät ehdolla ({count} kysymys)",
        "Mitä ne kysyivät ehdolla ({count} kysymystä)",
    ),
    "figure.calibration.said": "ennustettu todennäköisyys",
    "figure.calibration.came": "toteutunut osuus",
}
