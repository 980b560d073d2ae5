"""The figures of a report: drawn as Vega-Lite specifications, rendered as SVG and PNG."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Literal

from foedus.case.case import Case
from foedus.expr.tree import Expression
from foedus.questions.answers import Answers
from foedus.report.answers.summary import MAIN
from foedus.report.figures.answers import draw_answers
from foedus.report.figures.course import draw_course, draw_unseen, watch_of
from foedus.report.figures.fan_panels import UNWEIGHED, Weighed
from foedus.report.figures.graph import draw_graph
from foedus.report.figures.style import Figure
from foedus.report.figures.timeline import draw_timeline
from foedus.report.files import write_files

__all__ = ["Figure", "draw_figures", "render_png", "render_svg", "watch_of", "write_figures"]

VEGA_LITE = "6.1"
"""The version of the drawing language; vl-convert carries several in itself."""

PIXELS = 2.0
"""Pixels of a PNG for each of the drawing."""

FORMATS: dict[str, Literal["en-GB", "fi-FI"]] = {"en": "en-GB", "fi": "fi-FI"}


def draw_figures(
    case: Case, answers: Answers, watched: Sequence[Expression] = (), language: str = "en",
    given: Weighed = UNWEIGHED,
) -> tuple[Figure, ...]:  # fmt: skip
    """All figures for which there is something to show, the answers to the main questions first.

    `watched` are the expressions of the fans in `answers`, in order (`watch_of(case).expressions`);
    `given` are the same over courses that agree with the record.
    """
    main, others = answers.questions[:MAIN], answers.questions[MAIN:]
    figures = (
        draw_answers(case, main, language),
        draw_timeline(case, language),
        draw_course(case, watched, answers.fans, language, given),
        draw_unseen(case, watched, answers.fans, language, given),
        draw_graph(case, language),
        draw_answers(case, others, language, name="answers-other"),
    )
    return tuple(figure for figure in figures if figure is not None)


def render_svg(figure: Figure, language: str = "en") -> str:
    """The figure as SVG, with its text for those who cannot see it; needs no network, no font."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(
        figure.spec, vl_version=VEGA_LITE, format_locale=FORMATS[language]
    )
    # Drawings on one page must not share ids.
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{figure.name}-", svg)
    alt = f'role="img" aria-label="{escape(figure.alt)}"'
    return re.sub(r"<svg ([^>]*)>", rf"<svg \1 {alt}>", svg, count=1).replace(
        ">", f"><title>{escape(figure.title)}</title>", 1
    )


def render_png(figure: Figure, language: str = "en") -> bytes:
    """The figure as PNG, two pixels for each of the drawing."""
    import vl_convert

    png: bytes = vl_convert.vegalite_to_png(
        figure.spec, vl_version=VEGA_LITE, scale=PIXELS, format_locale=FORMATS[language]
    )
    return png


def write_figures(
    folder: Path, figures: Sequence[Figure | None], language: str = "en"
) -> list[str]:
    """Write the figures that there are, each as SVG and as PNG; gives the paths."""
    files = {}
    for figure in figures:
        if figure is not None:
            files[f"{figure.name}.svg"] = render_svg(figure, language).encode()
            files[f"{figure.name}.png"] = render_png(figure, language)
    return [str(path) for path in write_files(folder, files)] if files else []
