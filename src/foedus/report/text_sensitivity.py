"""The sentences on what drives an answer, in both languages, under the same ids."""

# ruff: noqa: E501 - a sentence a line, so that a change shows as one

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str | tuple[str, str]] = {
    "drivers.title": "{title}: what drives the answers",
    "drivers.reading": "Before the evidence is weighed. Share: how much of the answer's uncertainty would remain, on average, if this assumption alone stayed unknown. Alone: how much would go if it alone became known; the two differ by what it does together with others. Step: what the answer changes by where the assumption is one standard deviation of its prior higher. After ± stands one standard error.",
    "drivers.reading-record": "Given the record, which ties parameters together. Share: the assumption's fair part in what is still uncertain about the answer (Shapley effect); shares add up to all of it. Alone: how much would go if it alone became known, with all that goes along with it. Step: what the answer changes by where the assumption is one standard deviation higher, with all that goes along. After ± stands one standard error.",
    "drivers.basis-record": "{rows} particles that agree with the record and differ, with {uncertain} assumptions that still vary, twice {runs} runs for each; seed {seed}, {engine} engine.",
    "drivers.basis": "{rows} rows of {uncertain} uncertain assumptions, twice {runs} runs for each; seed {seed}, {engine} engine.",
    "drivers.spread": "{value} on average; the assumptions move it by {spread} (one standard deviation)",
    "drivers.both": "taken apart as: the condition holds and the answer is yes",
    "drivers.undefined": "counts only some runs, so it has no answer under some assumptions: ask it without its condition",
    "drivers.nothing": "no assumption moves it",
    "drivers.unresolved": "no share is larger than two standard errors: raise --rows or --runs",
    "drivers.column.share": "share",
    "drivers.column.alone": "alone",
    "drivers.column.step": "step",
    "drivers.others": "all others together",
    "drivers.explanation": "which explanation holds",
    "drivers.with-error": "{value} ± {error}",
    "drivers.points": "{number} points",
    "drivers.more": ("1 more assumption was taken apart; its share is smaller or not resolved", "{count} more assumptions were taken apart; their shares are smaller or not resolved"),
    "figure.drivers": "What drives the answers",
    "figure.drivers.record": "Given the record: the bars of an answer add up to its whole uncertainty.",
    "figure.drivers.subtitle-1": "Bar: share of an answer's uncertainty that an assumption has a part in. Line: two standard errors.",
    "figure.drivers.subtitle-2": "Blue: the answer rises with it. Orange: it falls. Grey: no direction, or none resolved.",
    "figure.drivers.alt": "What drives the answers to {count} questions, as shares of their uncertainty. {told}",
    "figure.drivers.one": "{question} {effects}.",
    "figure.drivers.effect": "{name} {share}",
    "figure.drivers.up": "rises with it",
    "figure.drivers.down": "falls with it",
    "figure.drivers.flat": "no direction",
}  # fmt: skip

FINNISH: Mapping[str, str | tuple[str, str]] = {
    "drivers.title": "{title}: mistä vastaukset riippuvat",
    "drivers.reading": "Ennen näytön punnitsemista. Osuus: kuinka suuri osa vastauksen epävarmuudesta jäisi keskimäärin jäljelle, jos vain tämä oletus jäisi tuntemattomaksi. Yksin: kuinka suuri osa poistuisi, jos vain se saataisiin tietää; ero johtuu siitä, mitä se tekee yhdessä muiden kanssa. Askel: kuinka paljon vastaus muuttuu, kun oletus on priorinsa keskihajonnan verran suurempi. Merkin ± jälkeen on yksi keskivirhe.",
    "drivers.basis": "{rows} riviä, {uncertain} epävarmaa oletusta, kullakin kahdesti {runs} ajoa; siemenluku {seed}, laskentamoottori {engine}.",
    "drivers.reading-record": "Aineiston valossa, joka sitoo parametrit toisiinsa. Osuus: oletuksen reilu osa siitä, mikä vastauksessa on yhä epävarmaa (Shapleyn vaikutus); osuudet ovat yhdessä koko epävarmuus. Yksin: kuinka paljon poistuisi, jos vain se saataisiin tietää, ja sen mukana se mikä siihen liittyy. Askel: kuinka paljon vastaus muuttuu, kun oletus on keskihajonnan verran suurempi, siihen liittyvine seikkoineen. Merkin ± jälkeen on yksi keskivirhe.",
    "drivers.basis-record": "{rows} aineistoon sopivaa, toisistaan eroavaa hiukkasta, {uncertain} yhä vaihtelevaa oletusta, kullakin kahdesti {runs} ajoa; siemenluku {seed}, laskentamoottori {engine}.",
    "drivers.spread": "keskimäärin {value}; oletukset siirtävät sitä {spread} (yksi keskihajonta)",
    "drivers.both": "eritelty muodossa: ehto täyttyy ja vastaus on kyllä",
    "drivers.undefined": "vain osa ajoista lasketaan, joten joillakin oletuksilla vastausta ei ole: kysy ilman ehtoa",
    "drivers.nothing": "mikään oletus ei siirrä sitä",
    "drivers.unresolved": "mikään osuus ei ylitä kahta keskivirhettä: suurenna valitsimia --rows tai --runs",
    "drivers.column.share": "osuus",
    "drivers.column.alone": "yksin",
    "drivers.column.step": "askel",
    "drivers.others": "kaikki muut yhdessä",
    "drivers.explanation": "mikä selitys pitää paikkansa",
    "drivers.with-error": "{value} ± {error}",
    "drivers.points": "{number} prosenttiyksikköä",
    "drivers.more": ("Lisäksi eriteltiin 1 oletus, jonka osuus on pienempi tai epäselvä", "Lisäksi eriteltiin {count} oletusta, joiden osuudet ovat pienempiä tai epäselviä"),
    "figure.drivers": "Mistä vastaukset riippuvat",
    "figure.drivers.record": "Aineiston valossa: vastauksen palkit ovat yhdessä sen koko epävarmuus.",
    "figure.drivers.subtitle-1": "Palkki: se osuus vastauksen epävarmuudesta, jossa oletus on mukana. Viiva: kaksi keskivirhettä.",
    "figure.drivers.subtitle-2": "Sininen: vastaus kasvaa sen mukana. Oranssi: pienenee. Harmaa: suuntaa ei ole tai se ei erotu.",
    "figure.drivers.alt": "Mistä {count} kysymyksen vastaukset riippuvat, osuuksina niiden epävarmuudesta. {told}",
    "figure.drivers.one": "{question} {effects}.",
    "figure.drivers.effect": "{name} {share}",
    "figure.drivers.up": "kasvaa sen mukana",
    "figure.drivers.down": "pienenee sen mukana",
    "figure.drivers.flat": "ei suuntaa",
}  # fmt: skip
