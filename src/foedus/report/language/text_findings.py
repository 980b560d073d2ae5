"""The sentences that head a section or a figure, in English and in Finnish, under the same ids.

They stand alone, so they end without a full stop.
"""

# ruff: noqa: E501 - a sentence a line, so that a change shows as one

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str | tuple[str, str]] = {
    "finding.answer": "{question} {value}",
    "finding.answer-one": "{question} {value}, {words}",
    "finding.answer-words": "{question} {value}; depending on the assumptions, {words}",
    "finding.answer-open": "{question} The assumptions leave it open: {value}, but depending on them {words}",
    "finding.answer-range": "{question} {value}; depending on the assumptions, {range}",
    "finding.explanations": "{question} {low} if “{first}”, {high} if “{last}”",
    "finding.explanations-none": "These runs do not tell the explanations apart on any of these answers",
    "finding.posteriors": "“{name}”: {prior} before the record, {posterior} after it",
    "finding.weights": "What clearly weighs most: {piece} ({id}), {decibels} decibels for “{leader}” against “{rival}”",
    "finding.flips": ("1 of {all} changes worked out turns the verdict", "{count} of {all} changes worked out turn the verdict"),
    "finding.delay": "Half of the record was known within {half}; the longest delay is {longest}",
    "finding.delay-half": "Half of the record was known the same day; the longest delay is {longest}",
    "finding.delay-none": "All of the record was known the same day",
    "finding.course": "{name} – {first} at the start, {last} at the end",
    "finding.course-given": "{name} – {last} at the end, {given} given the record",
    "finding.drivers": "{question} {share} of the uncertainty has to do with this: {name}",
    "finding.moved": "{question} {factual} as it is, {changed} changed",
    "finding.decided": "{question} {factual} as it is; the decision changes that by {difference}",
    "finding.decided-unclear": "{question} No clear change: {difference}",
    "finding.decided-none": "{question} {factual} either way",
    "finding.what-if": "{what_if} – {found}",
    "finding.parted": "By the end, {share} of the runs have gone another way",
    "finding.moved-none": "The decision moves none of these answers by more than chance may, as many as they are",
}  # fmt: skip

FINNISH: Mapping[str, str | tuple[str, str]] = {
    "finding.answer": "{question} {value}",
    "finding.answer-one": "{question} {value}, {words}",
    "finding.answer-words": "{question} {value}; oletuksista riippuen {words}",
    "finding.answer-open": "{question} Oletukset jättävät asian auki: {value}, mutta niistä riippuen {words}",
    "finding.answer-range": "{question} {value}; oletuksista riippuen {range}",
    "finding.explanations": "{question} {low}, jos ”{first}”, ja {high}, jos ”{last}”",
    "finding.explanations-none": "Nämä ajot eivät erota selityksiä toisistaan missään näistä vastauksista",
    "finding.posteriors": "”{name}”: ennen aineistoa {prior}, sen jälkeen {posterior}",
    "finding.weights": "Selvästi eniten painaa: {piece} ({id}), {decibels} desibeliä selityksen ”{leader}” hyväksi ja selitystä ”{rival}” vastaan",
    "finding.flips": ("{all} lasketusta muutoksesta 1 kääntää tuloksen", "{all} lasketusta muutoksesta {count} kääntää tuloksen"),
    "finding.delay": "Puolet aineistosta tiedettiin viimeistään {half} myöhemmin; pisin viive on {longest}",
    "finding.delay-half": "Puolet aineistosta tiedettiin jo samana päivänä; pisin viive on {longest}",
    "finding.delay-none": "Koko aineisto tiedettiin jo samana päivänä",
    "finding.course": "{name} – alussa {first}, lopussa {last}",
    "finding.course-given": "{name} – lopussa {last}, näytön valossa {given}",
    "finding.drivers": "{question} Epävarmuudesta {share} liittyy tähän: {name}",
    "finding.moved": "{question} Sellaisenaan {factual}, muutettuna {changed}",
    "finding.decided": "{question} Sellaisenaan {factual}; päätös muuttaa sitä {difference}",
    "finding.decided-unclear": "{question} Ei selvää muutosta: {difference}",
    "finding.decided-none": "{question} Kummassakin {factual}",
    "finding.what-if": "{what_if} – {found}",
    "finding.parted": "Loppuun mennessä {share} ajoista on kulkenut toisin",
    "finding.moved-none": "Päätös ei siirrä mitään näistä vastauksista enempää kuin sattuma voi näin monessa",
}  # fmt: skip
