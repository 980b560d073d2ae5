"""What `foedus diff` says an edit of a case changed, in both languages."""

# ruff: noqa: E501 - a sentence a line, so that a change shows as one

ENGLISH: dict[str, str | tuple[str, str]] = {
    "difference.answers": "Answers that changed (before the evidence is weighed)",
    "difference.same": ("1 answer is the same but for chance.", "{count} answers are the same but for chance."),
    "difference.gone": "No longer asked: {questions}.",
    "difference.come": "Newly asked: {questions}.",
    "difference.otherwise": "Now measured in something else, so that the answers cannot be compared: {questions}.",
    "difference.record": "How the record is kept",
    "difference.verdict": "The verdict",
    "difference.verdict-same": "The verdict: the same explanation leads",
    "difference.verdict-other": "The verdict: another explanation leads",
    "verdict.changes": "Evidence that weighs otherwise, for (+) or against (−) “{leader}” compared with “{rival}”:",
    "verdict.piece": "{what} – {id}",
    "record.gone": "`record: {event}` is gone ({place}): {keys}",
    "record.come": "`record: {event}` is new ({place}): {keys}",
    "record.changed": "`record: {event}` ({place}): {changes}",
    "record.key": "`{key}` {old} before, {new} now",
    "record.because": "`because` gives another reason, which weighs nothing",
    "record.not-given": "not given",
    "record.place": "{file}, line {line}",
}  # fmt: skip

FINNISH: dict[str, str | tuple[str, str]] = {
    "difference.answers": "Muuttuneet vastaukset (ennen näytön punnitsemista)",
    "difference.same": ("1 vastaus on sattumaa lukuun ottamatta sama.", "{count} vastausta on sattumaa lukuun ottamatta samoja."),
    "difference.gone": "Ei enää kysytä: {questions}.",
    "difference.come": "Uutena kysytään: {questions}.",
    "difference.otherwise": "Mitataan nyt toisin, joten vastauksia ei voi verrata: {questions}.",
    "difference.record": "Miten aineistoa kertyy",
    "difference.verdict": "Tulos",
    "difference.verdict-same": "Tulos: sama selitys on edellä",
    "difference.verdict-other": "Tulos: toinen selitys on edellä",
    "verdict.changes": "Näyttö, joka painaa toisin, selityksen ”{leader}” puolesta (+) tai sitä vastaan (−), kun vertailukohtana on ”{rival}”:",
    "verdict.piece": "{what} – {id}",
    "record.gone": "`record: {event}` on poissa ({place}): {keys}",
    "record.come": "`record: {event}` on uusi ({place}): {keys}",
    "record.changed": "`record: {event}` ({place}): {changes}",
    "record.key": "`{key}` ennen {old}, nyt {new}",
    "record.because": "`because` on toinen perustelu, joka ei paina mitään",
    "record.not-given": "ei annettu",
    "record.place": "{file}, rivi {line}",
}  # fmt: skip
