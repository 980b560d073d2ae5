"""The page on verdicts taken apart: what it says of references is what ships.

Run with `--update` to write that anew.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from foedus import study
from foedus.infer.islands.effort import Effort
from foedus.infer.shipped.reference_file import FILE
from foedus.report.phrases.names import reading_name
from foedus.report.verdict.verdict_words import OUTSIDE
from foedus.reproduce.exact_agreement import FILE as AGREEMENT
from foedus.reproduce.exact_agreement import MOST_ERRORS, RECORDS
from foedus.reproduce.seeds import FILE as SEEDS
from foedus.reproduce.seeds import record_digest
from tests.architecture.project import ROOT
from tests.docs.executed import compared

PAGE = ROOT / "docs" / "weighing.md"
FLAGSHIP = "kazakhstan-2022"
SHIPPED = json.loads(FILE.read_text(encoding="utf-8"))


def table_of_references() -> str:
    """Each case with its explanations, which share of their own records are less probable, and
    how rough that is."""
    lines = [
        "| case | explanation | less probable of its own records | at worst | scatter, nats |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, entry in SHIPPED.items():
        case = study.load(name)
        lines += [
            f"| `{name}` | {reading_name(case, reading, 'en')} | {one['share']:.0%} "
            f"| {one['share_at_worst']:.0%} | {one['scatter']:.1f} |"
            for reading, one in entry["explanations"].items()
        ]
    return "\n".join([*lines, ""])


def roughness_of_the_flagship() -> str:
    """How far the shares of the flagship can be trusted, in two sentences."""
    entry = SHIPPED[FLAGSHIP]
    rivals = list(entry["explanations"].values())
    times = entry["runs"]
    scatter = spread(one["scatter"] for one in rivals)
    missed = sum(one["missed"] for one in rivals)
    unreached = spread(100.0 * one["unreached"] for one in rivals)
    worst = spread(100.0 * one["share_at_worst"] for one in rivals)
    return (
        f"The flagship's records are long: worked out {times} times for each explanation, the "
        f"probability of what happened scatters by {scatter} nats ({missed} of "
        f"{times * len(rivals)} times no particle came to it at all), and no particle came to "
        f"{unreached} in 100 of the records that its explanations would tell. Were all of these in "
        f"truth more probable than what happened, its shares would be {worst}%.\n"
    )


def table_of_replicates() -> str:
    """Each small record: estimated over exact likelihood, and how far single runs are off."""
    entries = json.loads(AGREEMENT.read_text(encoding="utf-8"))
    lines = [
        "| record | runs by themselves, over exact | sampler, over exact | log evidence, nats "
        "| plotted: exact | sampled, off by | mean of `speed`, off by |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, entry in entries.items():
        widest = max(entry["log_evidence"].values(), key=lambda one: one["scatter"])
        plotted, speed = (entry["posterior"][one] for one in ("by-plot", "mean of speed"))
        lines.append(
            f"| {RECORDS[name]} | {means(entry, 'unguided')} | {means(entry, 'likelihood')} "
            f"| {off(widest, 2)} | {plotted['exact']:.1%} | {off(plotted, 3)} | {off(speed, 2)} |"
        )
    lines.append("")
    for kind, title in (("unguided", "by themselves"), ("likelihood", "with the sampler")):
        found = [one for entry in entries.values() for one in entry[kind].values()]
        beyond = sum(abs(one["bias"]) > MOST_ERRORS * one["error"] for one in found)
        worst = max(abs(one["bias"]) for one in found)
        lines.append(
            f"Of {len(found)} means {title} {beyond} lie more than {MOST_ERRORS:.0f} standard "
            f"errors from 1, and none farther than {worst:.1%}."
        )
    return "\n".join([*lines, ""])


def table_of_seeds() -> str:
    """What the flagship's explanations come to with each seed, and on which record."""
    kept = json.loads(SEEDS.read_text(encoding="utf-8"))
    case, shipped = study.load(FLAGSHIP), study.weigh(FLAGSHIP)
    rivals = [one for one in shipped.standings if one.is_rival]
    names = [reading_name(case, one.name, "en") for one in rivals]
    lines = [f"| seed | {' | '.join(names)} | R-hat | runs |", "| --- " * (len(names) + 3) + "|"]
    told = [f"{one.posterior:.1%} ({one.low:.0%} to {one.high:.0%})" for one in rivals]
    accuracy = shipped.accuracy
    lines.append(f"| 1 (ships) | {' | '.join(told)} | {accuracy.rhat:.2f} | {accuracy.islands} |")
    for seed, one in kept["seeds"].items():
        if "no_verdict" in one:
            lines.append(
                f"| {seed} | {' | '.join(['no verdict'] * len(names))} | | {2 * Effort().islands} |"
            )
            continue
        told = [
            f"{found['posterior']:.1%} ({found['low']:.0%} to {found['high']:.0%})"
            for found in (one["standings"][rival.name] for rival in rivals)
        ]
        lines.append(f"| {seed} | {' | '.join(told)} | {one['rhat']:.2f} | {one['runs']} |")
    days = sorted({one["made"] for one in kept["seeds"].values()})
    on = "it is" if kept["digest"] == record_digest() else "it then was (it has changed since)"
    lines += [
        "",
        f"Seeds beside the one that ships were weighed on {' and '.join(days)}, on the record as "
        f"{on}; in parentheses what sampling alone leaves open.",
        *(
            f"With seed {seed} there is no verdict: {one['no_verdict']}."
            for seed, one in kept["seeds"].items()
            if "no_verdict" in one
        ),
    ]
    return "\n".join([*lines, ""])


def means(entry: Mapping[str, Any], kind: str) -> str:
    """Means over runs, one for each explanation, with their standard errors."""
    return ", ".join(
        f"{1.0 + one['bias']:.3f} ± {one['error']:.3f}" for one in entry[kind].values()
    )


def off(one: Mapping[str, float], digits: int) -> str:
    """A bias with the scatter of single runs."""
    return f"{one['bias']:+.{digits}f} ± {one['scatter']:.{digits}f}"


def spread(values: Iterable[float]) -> str:
    """From the least to the most, in whole numbers."""
    found = sorted(values)
    return f"{found[0]:.0f} to {found[-1]:.0f}"


@pytest.mark.parametrize(
    ("marker", "made"),
    [
        ("references", table_of_references),
        ("roughness", roughness_of_the_flagship),
        ("exact-agreement", table_of_replicates),
        ("seeds", table_of_seeds),
    ],
)
def test_the_page_says_what_ships(
    marker: str, made: Callable[[], str], pytestconfig: pytest.Config
) -> None:
    place = re.compile(rf"(<!-- {marker} -->\n).*?(?=<!-- end -->)", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    assert place.search(text)
    today = place.sub(lambda match: match[1] + made(), text)
    compared(PAGE, today, pytestconfig.getoption("--update"))


def test_even_at_worst_the_flagship_rules_none_out() -> None:
    assert "Even so none of the four would be ruled out" in PAGE.read_text(encoding="utf-8")
    rivals = SHIPPED[FLAGSHIP]["explanations"].values()
    assert all(one["share_at_worst"] >= OUTSIDE for one in rivals)
    assert len(rivals) == 4
