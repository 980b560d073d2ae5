"""The figures: drawn without network and fonts, legible, told in words, the same every time."""

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest

from foedus.case.case import Case
from foedus.expr.tree import BOOLEAN
from foedus.questions.answers import Answers
from foedus.questions.fans import Fan
from foedus.report.figures import draw_figures, render_png, render_svg, watch_of
from foedus.report.figures.course import (
    draw_course,
    draw_unseen,
    main_expressions,
    unseen_expressions,
)
from foedus.report.figures.dark import DARK, GROUND
from foedus.report.figures.fan_panels import PANEL, Weighed, observations, resolved
from foedus.report.figures.graph import LINE, edges_of, place_nodes
from foedus.report.figures.style import (
    BORDER,
    FAINT,
    FILLS,
    INK,
    PALETTE,
    broken,
    shortened,
    text_width,
)
from foedus.report.figures.time_axis import busy_days, time_axis
from foedus.report.figures.timeline import PLOT
from foedus.report.figures.verdict import draw_verdict
from foedus.report.language.catalogue import LANGUAGES
from foedus.report.phrases.names import expression_name
from foedus.study import load
from tests.report.league import answers, league, watched
from tests.report.verdict.test_verdict import CASE, VERDICT

NAMES = ["answers", "timeline", "course", "actors"]


def figures(language: str = "en") -> dict[str, str]:
    """The drawings by name."""
    drawn = draw_figures(league(), answers(), watched().expressions, language)
    return {figure.name: render_svg(figure, language) for figure in drawn}


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_four_figures(language: str) -> None:
    drawn = draw_figures(league(), answers(), watched().expressions, language)
    assert [figure.name for figure in drawn] == NAMES
    for figure in drawn:
        assert " ".join(figure.spec["title"]["text"]) == figure.title
        assert len(figure.alt) > len(figure.title)
        assert "{" not in figure.alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_drawings_are_whole_and_told_in_words(language: str) -> None:
    for figure in draw_figures(league(), answers(), watched().expressions, language):
        root = ElementTree.fromstring(render_svg(figure, language))
        assert root.get("role") == "img"
        assert root.get("aria-label") == figure.alt
        assert root[0].tag.endswith("title")
        assert root[0].text == figure.title
        assert 600 <= float(root.get("width", "0")) <= 860
        assert float(root.get("height", "0")) <= 2000
        assert "undefined" not in "".join(root.itertext())
        assert "NaN" not in ElementTree.tostring(root, "unicode")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tick_of_time_has_its_label(language: str) -> None:
    for name, end in (("timeline", None), ("course", league().clock.horizon)):
        shown = "".join(ElementTree.fromstring(figures(language)[name]).itertext())
        if end is None:
            known = [item.known for item in league().evidence]
            known += [claim.known for claim in league().claims]
            end = max(league().clock.days(period.end) for period in known)
        pixels = PLOT if name == "timeline" else PANEL
        for _, label in time_axis(league(), end, language, pixels=pixels).ticks:
            assert label in shown


def test_drawings_are_pictures_too() -> None:
    for figure in draw_figures(league(), answers(), watched().expressions):
        png = render_png(figure)
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(png) < 2_000_000


def test_drawings_on_one_page_share_no_id() -> None:
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in figures().values()]
    assert all(first.isdisjoint(second) for first, second in combinations(ids, 2))
    for svg, own in zip(figures().values(), ids, strict=True):
        assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= own


def test_drawings_load_nothing() -> None:
    for svg in figures().values():
        addresses = set(re.findall(r"https?://[^\s\"'<)]+", svg))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_the_same_case_gives_the_same_drawings() -> None:
    assert figures() == figures()


def test_boxes_do_not_overlap_and_hold_their_labels() -> None:
    nodes = place_nodes(league(), edges_of(league())).values()
    assert len(nodes) == 6
    for first, second in combinations(nodes, 2):
        is_beside = (
            first.left + first.width <= second.left or second.left + second.width <= first.left
        )
        is_above = first.top + first.height <= second.top or second.top + second.height <= first.top
        assert is_beside or is_above
    for node in nodes:
        assert all(text_width(line) <= node.width for line in node.lines)
        assert len(node.lines) * LINE <= node.height


def test_who_belongs_to_what() -> None:
    kinds = {(edge.first, edge.last): edge.kind for edge in edges_of(league())}
    assert kinds["alliances:league", "states:north"] == "leads"
    assert kinds["alliances:league", "states:isles"] == "member"
    assert kinds["states:arden", "offices:seat"] == "of"
    assert kinds["offices:seat", "people:chancellor"] == "holds"


def test_time_goes_one_way() -> None:
    busy = busy_days(league())
    assert busy is not None
    for end in (busy, 305.0, 5000.0):
        axis = time_axis(league(), end)
        places = [axis.place(end * step / 200) for step in range(201)]
        assert places == sorted(places)
        assert (places[0], places[-1]) == (0.0, 1.0)
        ticks = [place for place, _ in axis.ticks]
        assert ticks == sorted(ticks)
        assert len(set(ticks)) == len(ticks) >= 2
        assert (axis.change is None) == (end < 3 * busy)


def test_the_first_question_is_watched_and_what_was_measured() -> None:
    names = [expression_name(league(), one) for one in main_expressions(league())]
    assert names[0] == "the chancellorship: the Chancellor"
    assert "people on the march" in names
    assert len(main_expressions(league(), 2)) == 2
    times = watch_of(league()).times
    assert list(times) == sorted(set(times))
    assert (times[0], times[-1]) == (0.0, league().clock.horizon)


def test_observations_stand_beside_the_fans() -> None:
    marchers = next(
        one
        for one in main_expressions(league())
        if expression_name(league(), one) == "people on the march"
    )
    assert [(one.value, one.is_claim) for one in observations(league(), marchers)] == [
        (450.0, False),
        (900.0, True),
    ]


def test_texts_are_cut_to_their_place() -> None:
    assert shortened("a short text", 200) == "a short text"
    cut = shortened("a text that is much too long for its place", 100)
    assert cut.endswith("…")
    assert text_width(cut) <= 100
    assert all(text_width(line) <= 120 for line in broken("word " * 40, 120))
    assert len(broken("word " * 40, 120)) == 2


def test_colours_differ() -> None:
    assert len(set(PALETTE)) == len(PALETTE)
    assert len(set(DARK.values())) == len(DARK)


def test_every_colour_of_a_drawing_has_one_in_the_dark() -> None:
    drawn = [*figures().values(), *map(render_svg, draw_verdict(CASE, VERDICT))]
    for svg in drawn:
        colours = set(re.findall(r'\b(?:fill|stroke)="([^"]*)"', svg)) - {"none"}
        assert colours
        assert colours <= set(DARK)


def test_marks_stand_out_in_the_dark() -> None:
    assert min(contrast(DARK[colour], GROUND) for colour in (INK, FAINT, *PALETTE)) > 4.5
    assert min(contrast(DARK[INK], DARK[fill]) for fill in FILLS.values()) > 4.5
    assert contrast(DARK[BORDER], GROUND) > 3.0


def contrast(first: str, second: str) -> float:
    """The contrast of two colours (WCAG 2.2, definition of contrast ratio)."""
    low, high = sorted(luminance(colour) for colour in (first, second))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of a colour written `#rrggbb` (WCAG 2.2)."""
    shares = [int(colour[at : at + 2], 16) / 255.0 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_bare_case_has_the_figures_it_can_have(bare: tuple[Case, Answers]) -> None:
    case, few = bare
    assert [figure.name for figure in draw_figures(case, few)] == ["answers"]


def test_a_panel_without_bands_says_where_the_runs_are() -> None:
    expressions = watched().expressions
    still = [
        replace(fan, quantiles={level: (0.0,) * len(fan.times) for level in fan.quantiles})
        for fan in answers().fans
    ]
    for fans, times in ((answers().fans, 0), (still, 1)):
        figure = draw_course(league(), expressions, fans)
        assert figure is not None
        assert render_svg(figure, "en").count("nine runs in ten: always 0") == times


def test_a_course_shows_beside_the_assumptions_what_the_record_leaves() -> None:
    expressions, fans = watched().expressions, answers().fans
    given = {
        expression: replace(
            fan,
            mean=(0.125,) * len(fan.times),
            quantiles={level: (float(level) + 7.0,) * len(fan.times) for level in fan.quantiles},
        )
        for expression, fan in zip(expressions, fans, strict=True)
    }
    alone = draw_course(league(), expressions, fans)
    both = draw_course(league(), expressions, fans, "en", Weighed(given, 120, 40.0))
    assert alone is not None
    assert both is not None
    assert "know nothing of either" in str(alone.spec)
    assert "Before the evidence is weighed" in alone.alt
    assert "Black" not in str(alone.spec)
    assert "given-" not in str(alone.spec)
    assert "Black: the 120 courses found that agree with all that the record says" in str(both.spec)
    assert "know nothing" not in str(both.spec)
    assert "Before the evidence" not in both.alt
    panels = [panel for row in both.spec["vconcat"] for panel in row["hconcat"]]
    seen = [one for one in expressions if one not in unseen_expressions(league())]
    for panel, expression in zip(panels, seen, strict=True):
        last = panel["data"]["values"][-1]
        fields = [layer["encoding"].get("y", {}).get("field") for layer in panel["layer"]]
        is_chance = expression.type == BOOLEAN
        assert last["given-line"] == (0.125 if is_chance else 7.5)
        assert fields.count("given-line") == 1
        assert fields.count("given-q25") == (0 if is_chance else 1)
    assert both.alt.count(" given the record.") == len(panels)


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    [
        # (p + z²/2n ± z sqrt(p(1 − p)/n + z²/4n²)) / (1 + z²/n) with z = 2
        (0.5, 12.0, 0.25, 0.75),
        (0.0, 4.0, 0.0, 0.5),
        (1.0, 4.0, 0.5, 1.0),
        (0.3, 0.0, 0.0, 1.0),
    ],
)
def test_so_few_courses_leave_a_share_open(
    share: float, count: float, low: float, high: float
) -> None:
    assert resolved(share, count) == pytest.approx((low, high))


def test_what_only_the_record_moves_is_shown_as_well() -> None:
    expressions, fans = watched().expressions, answers().fans
    place = next(n for n, one in enumerate(expressions) if not observations(league(), one))
    still = replace(
        fans[place],
        quantiles={level: (0.0,) * len(fans[place].times) for level in fans[place].quantiles},
    )
    chosen = expressions[place : place + 1]
    assert draw_course(league(), chosen, [still]) is None
    assert draw_course(league(), chosen, [still], "en", Weighed({chosen[0]: still}, 1, 1.0)) is None
    assert (
        draw_course(league(), chosen, [still], "en", Weighed({chosen[0]: fans[place]}, 1, 1.0))
        is not None
    )


QUANTILES = ("0.05", "0.25", "0.5", "0.75", "0.95")


def fan_of(*values: float) -> Fan:
    """A fan that goes from value to value, the same in all runs."""
    times = tuple(float(day) for day in range(len(values)))
    return Fan("", times, values, dict.fromkeys(QUANTILES, values))


def test_what_nobody_can_see_is_shown_given_the_record_alone() -> None:
    case = load("kazakhstan-2022")
    names = {expression_name(case, one): one for one in unseen_expressions(case)}
    abroad = names["where the person in question is: abroad"]
    moved, came = (
        names["a move against the leader has been made"],
        names["attackers from abroad have come"],
    )
    assert "where the person in question is: home" not in names, "he begins there"
    assert set(unseen_expressions(case)) <= set(watch_of(case).expressions)
    expressions, faith = [moved, came, abroad], names["the alliance's credibility"]
    assumed = [fan_of(0.0, 0.3), fan_of(0.0, 0.1), fan_of(0.0, 0.0)]
    weighed = [fan_of(0.0, 0.875), fan_of(0.0, 0.0), fan_of(0.0, 0.0)]
    given = Weighed(dict(zip(expressions, weighed, strict=True)), 200, 34.0)
    assert draw_unseen(case, expressions, assumed) is None
    figure = draw_unseen(case, expressions, assumed, "en", given)
    assert figure is not None
    assert figure.name == "unseen"
    assert figure.title.startswith("A move against the leader has been made"), "moved most"
    assert "30 % at the end, 88 % (72–95 %) given the record" in figure.title
    assert "They count as 34 independent ones here" in " ".join(figure.spec["title"]["subtitle"])
    assert "abroad: " not in figure.alt, "what moves in neither is left out"
    assert draw_course(case, expressions, assumed, "en", given) is None, (
        "it has a figure of its own"
    )
    alone = draw_unseen(
        case, [faith], [fan_of(0.4, 0.4)], "fi", Weighed({faith: fan_of(0.4, 0.6)}, 9, 9.0)
    )
    assert alone is not None
    assert alone.title == "Liiton uskottavuus – lopussa 0,4, näytön valossa 0,6"


def test_a_rare_chance_moves_though_nearly_all_runs_are_alike() -> None:
    case = load("kazakhstan-2022")
    one = unseen_expressions(case)[2]
    rare = Fan("", (0.0, 1.0), (0.0, 0.02), dict.fromkeys(QUANTILES, (0.0, 0.0)))
    assert one.type == BOOLEAN
    assert draw_unseen(case, [one], [rare], "en", Weighed({one: rare}, 9, 9.0)) is not None
