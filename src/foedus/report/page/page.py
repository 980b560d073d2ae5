"""One page that holds the whole report and works offline, and the files that go with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.case.case import Case
from foedus.expr.tree import Expression
from foedus.frozen import dataclass
from foedus.infer.verdict.no_verdict import NoVerdict
from foedus.infer.verdict.verdict import Verdict
from foedus.questions.answers import Answers
from foedus.questions.other_worlds import OtherWorld
from foedus.questions.what_if import Change
from foedus.report.answers.summary import MAIN
from foedus.report.figures import Figure, draw_figures, render_png, render_svg
from foedus.report.figures.dark import dark_rules
from foedus.report.figures.fan_panels import UNWEIGHED, Weighed
from foedus.report.figures.pairs import draw_pairs
from foedus.report.figures.style import title_height
from foedus.report.figures.verdict import draw_verdict
from foedus.report.files import write_files
from foedus.report.findings import answer_finding
from foedus.report.language.catalogue import CATALOGUES, say
from foedus.report.language.numbers import show_days
from foedus.report.page.page_tables import (
    answer_rows,
    assumption_groups,
    document_rows,
    explanation_tables,
    record_rows,
    statement_rows,
)
from foedus.report.phrases.answer_text import answer_texts, is_cut_off
from foedus.report.phrases.basis import doubtful_sentence, of_record, show_basis
from foedus.report.phrases.known import known_sentence
from foedus.report.phrases.no_verdict import no_verdict_sentence
from foedus.report.verdict.turning_words import (
    open_sentences,
    staying_groups,
    staying_sentence,
    turning_sentences,
)
from foedus.report.verdict.verdict_words import (
    confidence_sentence,
    for_and_against,
    verdict_sentences,
    weight_notes,
    whose_priors,
)
from foedus.report.what_if.what_if_in_run import what_if_part

if TYPE_CHECKING:
    from markupsafe import Markup

PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure and what it looks like as SVG."""

    figure: Figure
    svg: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What a decision changes, and the expressions that were watched in both worlds."""

    found: Change | OtherWorld
    watched: Sequence[Expression]

    @property
    def given(self) -> Weighed:
        """What was watched over courses that agree with the record; nothing where none were run."""
        if not isinstance(self.found, OtherWorld) or self.found.level != "counterfactual":
            return UNWEIGHED
        fans = dict(zip(self.watched, self.found.factual_fans, strict=True))
        return Weighed(fans, self.found.counted, self.found.effective or 0.0)


def write_report(
    case: Case, answers: Answers, folder: Path, watched: Sequence[Expression] = (),
    language: str = "en", *, version: str, verdict: Verdict | NoVerdict | None = None,
    what_if: Changed | None = None,
) -> tuple[Path, ...]:  # fmt: skip
    """The page and every figure as SVG and PNG, written into a folder; their paths, the page first.

    `watched` are the expressions of the fans in `answers`, and those of `what_if` are that of its
    own; `version` is that of Foedus. Everything
    is made before the first file is written, and nothing half-written stays behind. Raises
    `OSError`, naming the file, where a file cannot be written.
    """
    given = UNWEIGHED if what_if is None else what_if.given
    figures = [*draw_figures(case, answers, watched, language, given)]
    if isinstance(verdict, Verdict):
        figures += draw_verdict(case, verdict, language)
    if what_if is not None:
        pairs = draw_pairs(case, what_if.found, what_if.watched, language)
        figures += [] if pairs is None else [pairs]
    drawings = [Drawing(figure, render_svg(figure, language)) for figure in figures]
    page = show_page(
        case, answers, drawings, language, version=version, verdict=verdict,
        what_if=None if what_if is None else what_if.found,
    )  # fmt: skip
    files = {PAGE: page.encode()}
    for drawing in drawings:
        files[f"{drawing.figure.name}.svg"] = drawing.svg.encode()
        files[f"{drawing.figure.name}.png"] = render_png(drawing.figure, language)
    return write_files(folder, files)


def show_page(
    case: Case,
    answers: Answers,
    drawings: Sequence[Drawing] = (),
    language: str = "en",
    *,
    version: str,
    verdict: Verdict | NoVerdict | None = None,
    what_if: Change | OtherWorld | None = None,
) -> str:
    """The page as HTML, with the drawings in it.

    Everything that comes from the case is escaped; the page runs no script and loads nothing.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("foedus.report.page"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=_together,
    )  # fmt: skip
    environment.filters["code"] = with_code
    figures = [
        # Vega escapes what the case says; see the test with a script in a label.
        {
            "name": one.figure.name,
            "title": one.figure.title,
            "alt": one.figure.alt,
            "svg": Markup(one.svg),
            "width": one.svg.partition('width="')[2].partition('"')[0],
            "title_height": f"{title_height(one.figure):g}",
        }
        for one in drawings
    ]
    words = {
        name.removeprefix("page."): say(language, name)
        for name, text in CATALOGUES[language].items()
        if name.startswith("page.") and isinstance(text, str) and "{" not in text
    }
    template = environment.get_template("page.html.j2")
    return template.render(
        _content(case, answers, language, version), figures=figures, words=words,
        language=language, dark_rules=Markup(dark_rules()),
        verdict=None if verdict is None else _verdict(case, verdict, language),
        what_if=None if what_if is None else what_if_part(case, what_if, language),
    )  # fmt: skip


def _together(value: object) -> object:
    """A text in which a number and its sign, or the ends of a range, cannot end up on two lines."""
    if type(value) is not str:
        return value
    value = re.sub(r"(?<=\d)–(?=\d)", "\N{WORD JOINER}–\N{WORD JOINER}", value)
    return value.replace(" %", "\N{NO-BREAK SPACE}%")


def with_code(text: str) -> Markup:
    """A sentence whose commands and names, between backticks, are set as such on the page."""
    from markupsafe import Markup, escape

    parts = text.split("`")
    if len(parts) % 2 == 0:  # not pairs, so they mean something else
        return escape(_together(text))
    shown = [
        Markup("<code>{}</code>").format(part) if is_code else escape(_together(part))
        for part, is_code in zip(parts, cycle((False, True)))
    ]
    return Markup("").join(shown)


def _verdict(case: Case, verdict: Verdict | NoVerdict, language: str) -> dict[str, Any]:
    """The sentences of a verdict, by part of the section, or one on why there is none."""
    if isinstance(verdict, NoVerdict):
        absent = no_verdict_sentence(case, verdict, language)
        return {"absent": absent, "decision": ""}
    decision, *basis = verdict_sentences(case, verdict, language, is_whole=True)
    basis = [*whose_priors(case, verdict, language), *basis]
    return {
        "absent": "",
        "decision": decision.removesuffix("."),
        "confidence": confidence_sentence(case, verdict, language),
        "basis": basis,
        "pieces": list(for_and_against(case, verdict, language)),
        "notes": list(weight_notes(case, verdict, language)),
        "turning": list(turning_sentences(case, verdict, language)),
        "staying": staying_sentence(case, verdict, language),
        "groups": list(staying_groups(verdict, language)),
        "open": list(open_sentences(case, verdict, language)),
    }


def _found(case: Case, answers: Answers, language: str) -> dict[str, str]:
    """What heads a section in place of its topic; empty where there is only the topic."""
    record = known_sentence(case, language) if case.evidence or case.claims else ""
    return {
        "answers": answer_finding(case, answers.questions, language),
        "basis": doubtful_sentence(case, language) if case.parameters else "",
        "record": record.removesuffix("."),
    }


def _content(case: Case, answers: Answers, language: str, version: str) -> dict[str, Any]:
    """What the template shows, all of it plain text."""
    start, end = (show_days(case.clock, days, language) for days in (0.0, case.clock.horizon))
    main, others = answers.questions[:MAIN], answers.questions[MAIN:]
    return {
        "title": case.title.get(language),
        "period": say(language, "page.period", start=start, end=end),
        "doc": case.doc.get(language),
        "main": answer_rows(case, main, language),
        "others": answer_rows(case, others, language),
        "explanations": explanation_tables(case, main, language),
        "other_explanations": explanation_tables(case, others, language),
        "answers_title": say(language, of_record(case, "run.answers")),
        "reading": say(language, "run.reading" if main else "run.none-asked"),
        "cut_off": say(language, "run.at-least") if any(map(is_cut_off, answers.questions)) else "",
        "basis": list(show_basis(case, answers, language)),
        "record": record_rows(case, language),
        "statements": statement_rows(case, answer_texts(case, answers, language), language),
        "assumptions": assumption_groups(case, language),
        "documents": document_rows(case, language),
        "found": _found(case, answers, language),
        "made": say(
            language, "page.made", version=version, case=case.name, engine=answers.engine,
            count=answers.draws, seed=answers.seed,
        ),
    }  # fmt: skip
