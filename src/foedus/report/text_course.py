"""The sentences about one course that is told from end to end, in English and in Finnish."""

# ruff: noqa: E501 - a sentence a line, so that a change shows as one

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[str, str | tuple[str, str]] = {
    "course.title": "{title} course {number}",
    "course.basis": "One course of many: it shows what the model can do, not what it expects. It knows nothing of the record.",
    "course.holds": "What holds in it, drawn by the priors: {parts} (“{name}”).",
    "course.which": "It is the run of this number with seed {seed} and {draws} draws; other numbers, from 0 to {last}, are other courses.",
    "course.drawn": "In brackets: who acts; what chance drew with an event, unless that is none.",
    "course.nothing": "Nothing happens.",
    "course.times": ("1 time", "{count} times"),
    "course.detail": "{what} ({details})",
    "course.draw": "{name} = {value}",
    "course.values": ("1 value", "{count} values"),
    "course.left-out": "Not told: regular updates ({updates}) and choices that change nothing ({idle}). All {all} events: `--json`.",
    "course.ends": "What the questions come to in this course",
    "course.yes": "yes",
    "course.no": "no",
    "course.never": "never",
    "course.no-case": "its condition does not hold",
}

FINNISH: Mapping[str, str | tuple[str, str]] = {
    "course.title": "{title} kulku {number}",
    "course.basis": "Yksi kulku monista: se näyttää, mihin malli pystyy, ei mitä se odottaa. Se ei tiedä aineistosta mitään.",
    "course.holds": "Mitä siinä pätee, lähtöpainojen mukaan arvottuna: {parts} (”{name}”).",
    "course.which": "Se on tämän numeron ajo, kun siemen on {seed} ja ajoja {draws}; muut numerot, 0–{last}, ovat muita kulkuja.",
    "course.drawn": "Suluissa: kuka toimii; mitä tapahtuman yhteydessä arvottiin, ellei se ole nolla.",
    "course.nothing": "Mitään ei tapahdu.",
    "course.times": ("1 kerran", "{count} kertaa"),
    "course.detail": "{what} ({details})",
    "course.draw": "{name} = {value}",
    "course.values": ("1 arvo", "{count} arvoa"),
    "course.left-out": "Kertomatta: säännölliset päivitykset ({updates}) ja valinnat, jotka eivät muuta mitään ({idle}). Kaikki {all} tapahtumaa: `--json`.",
    "course.ends": "Mitä kysymyksiin tulee vastaukseksi tässä kulussa",
    "course.yes": "kyllä",
    "course.no": "ei",
    "course.never": "ei koskaan",
    "course.no-case": "sen ehto ei täyty",
}
