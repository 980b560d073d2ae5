"""A file of priors takes the place of what the case believes, and of nothing else."""

from pathlib import Path

import pytest

from foedus import study
from foedus.case.case import Case
from foedus.case.reads import unread_parameters
from foedus.expr.prior import Fixed
from foedus.text.diagnostic import Diagnostic, SettingsError
from tests.infer.strikes import COMPLETE, HEAD, THREE

FLAGSHIP = "kazakhstan-2022"
REASON = "grade: judged, because: an analyst says so"


def read(tmp_path: Path, text: str) -> tuple[Case | None, list[Diagnostic]]:
    """The flagship under these priors, and what is wrong."""
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    case, said = study.read(FLAGSHIP, priors=path)
    return case, [one for one in said if one.is_error]


def test_every_parameter_can_be_replaced_by_the_name_it_is_shown_under(tmp_path: Path) -> None:
    before = study.load(FLAGSHIP)
    unread = unread_parameters(before)
    names = {name: p.unit for name, p in before.parameters.items() if name not in unread}
    names |= {o.reliability.spec.name: "share" for o in before.origins.values() if o.reliability}
    for speaker in before.speakers.values():
        names |= {p.spec.name: "none" for p in (speaker.candour, *dict(speaker.interest).values())}
    assert {"fighters", "aid.willing", "reliability.kazakh-government"} < set(names)
    assert any(".interest." in name for name in names)
    lines = [f"  {name}: {{value: 0.5, unit: {unit}, {REASON}}}" for name, unit in names.items()]
    case, errors = read(tmp_path, "parameters:\n" + "\n".join(lines))
    assert errors == []
    assert case is not None
    read_ones = [p for name, p in case.parameters.items() if name not in unread]
    assert all(p.spec.prior == Fixed(0.5 * p.factor) for p in read_ones)


def test_each_parameter_that_nothing_reads_is_refused(tmp_path: Path) -> None:
    before = study.load(FLAGSHIP)
    unread = {name: before.parameters[name].unit for name in unread_parameters(before)}
    assert unread
    lines = [f"  {name}: {{value: 0.5, unit: {unit}, {REASON}}}" for name, unit in unread.items()]
    case, errors = read(tmp_path, "parameters:\n" + "\n".join(lines))
    assert case is None
    assert [one.code.value for one in errors] == ["changes-nothing"] * len(unread)


def test_what_a_parameter_is_for_stays(tmp_path: Path) -> None:
    before = study.load(FLAGSHIP)
    case, errors = read(
        tmp_path, f"parameters:\n  fighters: {{value: 20, unit: people, {REASON}}}\n"
    )
    assert errors == []
    assert case is not None
    assert case.parameters["fighters"].doc == before.parameters["fighters"].doc
    assert case.parameters["fighters"].grounds.because.get() == "an analyst says so"
    others = {name: p for name, p in before.parameters.items() if name != "fighters"}
    assert {n: p for n, p in case.parameters.items() if n != "fighters"} == others
    assert case.atoms == before.atoms
    assert case.events == before.events


def test_atoms_are_believed_otherwise_and_consist_of_the_same(tmp_path: Path) -> None:
    atoms = {belief.atom.name: belief for belief in study.load(FLAGSHIP).atoms}
    text = (
        "atoms:\n"
        f"  protest-only: {{prior: 0.4, {REASON}}}\n"
        f"  clan-only: {{prior: 0.1, {REASON}, parameters: {{brink: {{value: 0.5, unit: share,"
        f" {REASON}}}}}}}\n"
    )
    case, errors = read(tmp_path, text)
    assert errors == []
    assert case is not None
    for belief in case.atoms:
        name = belief.atom.name
        assert belief.atom.components == atoms[name].atom.components
        assert belief.impossible == atoms[name].impossible
        expected = {"protest-only": 0.4, "clan-only": 0.1}.get(name, atoms[name].atom.prior)
        assert belief.atom.prior == expected
    own = next(belief for belief in case.atoms if belief.atom.name == "clan-only")
    assert "brink" in [spec.name for spec in own.atom.parameters]


@pytest.mark.parametrize(
    ("line", "code", "shown", "cure"),
    [
        ("figters: {value: 1, unit: people", "unknown-parameter", "figters", "fighters"),
        ("aid.wiling: {value: 0.1, unit: share", "unknown-parameter", "aid.wiling", "willing"),
        ("nobody.at-all: {value: 1", "unknown-parameter", "nobody.at-all", "--assumptions"),
        ("brink: {value: 0.5", "unit-mismatch", "brink", "unit: share"),
        ("brink: {value: 0.5, unit: per day", "unit-mismatch", "per day", "unit: share"),
        ("brink: {value: 1.5, unit: share", "bad-number", "1.5", "0.3"),
        ("brink: {prior: 80% betwen 1 and 2, unit: share", "bad-prior", "betwen", "between"),
        ("brink: {valeu: 0.5, unit: share", "unknown-key", "valeu", "value"),
    ],
)
def test_slips_are_errors_in_their_place(
    line: str, code: str, shown: str, cure: str, tmp_path: Path
) -> None:
    case, errors = read(tmp_path, f"parameters:\n  {line}, {REASON}}}\n")
    assert case is None
    first = errors[0]
    assert (first.code.value, first.primary.span.source.name) == (code, str(tmp_path / "own.yaml"))
    assert first.primary.span.line == 2
    assert shown in first.primary.span.text
    assert cure in (first.help or "")


def test_all_slips_are_told_at_once(tmp_path: Path) -> None:
    text = (
        "parameters:\n"
        "  fighters: {value: 20, unit: people}\n"
        f"  figters: {{value: 20, unit: people, {REASON}}}\n"
        f"  aid.wiling: {{value: 0.1, unit: share, {REASON}}}\n"
        "atoms:\n"
        f"  clan-only: {{prior: 0.3, {REASON}}}\n"
        f"  clan-onli: {{prior: 0.3, {REASON}}}\n"
    )
    _, errors = read(tmp_path, text)
    found = [(one.code.value, one.primary.span.line) for one in errors]
    assert sorted(found, key=lambda one: one[1]) == [
        ("value-without-source", 2), ("unknown-parameter", 3), ("unknown-parameter", 4),
        ("priors-do-not-sum", 5), ("unknown-name", 7),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bad-yaml"), (b"# nothing\n", "bad-yaml"), (b"- a\n", "wrong-type"),
        (b"\xff\xfe", "bad-encoding"), (b"a: &a 1\n", "yaml-anchor"),
        (b"[" * 100_000, "nested-too-deeply"), (b"parameter: {}\n", "unknown-key"),
        (b"events: {}\n", "misplaced-key"),
    ],
)  # fmt: skip
def test_files_that_are_no_priors(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(content)
    case, said = study.read(FLAGSHIP, priors=path)
    assert case is None
    assert code in [one.code.value for one in said]


def test_a_share_set_by_hand_is_one() -> None:
    case = study.load(FLAGSHIP)
    assert study.parameters_in_days(case, {"brink": 0.0}) == {"brink": 0.0}
    with pytest.raises(SettingsError, match=r"a share, which cannot be 30: write `0\.3`"):
        study.parameters_in_days(case, {"brink": 30.0})


def test_from_python(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    case = study.load("crowd")
    name, parameter = next(iter(case.parameters.items()))
    belief = f"{{value: 0, unit: {parameter.unit}, {REASON}}}"
    path.write_text(f"parameters: {{{name}: {belief}}}\n")
    own = study.simulate("crowd", draws=4, settings={"citizens": 50}, priors=path)
    set_by_hand = study.simulate("crowd", draws=4, settings={"citizens": 50, name: 0.0})
    assert own.questions == set_by_hand.questions
    with pytest.raises(SettingsError, match="give the case by name"):
        study.simulate(case, priors=path)


def test_what_an_atom_believes_of_other_parameters_stays(tmp_path: Path) -> None:
    """An analyst speaks of one of two numbers that are the atom's own."""
    own = ", ".join(
        f"{name}: {{value: {value}, unit: {unit}, {REASON}}}"
        for name, value, unit in (("speed", 0.4, "per day"), ("boost", 5, "none"))
    )
    text = (HEAD + "evidence:\n" + THREE + COMPLETE).replace(
        "calm: {components: []", f"calm: {{parameters: {{{own}}}, components: []"
    )
    path, priors = tmp_path / "strikes.yaml", tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    more = f"{{value: 9, unit: none, {REASON}}}"
    priors.write_text(f"atoms:\n  calm: {{parameters: {{boost: {more}}}}}\n", encoding="utf-8")
    case, said = study.read(str(path), priors=priors)
    assert case is not None, said
    (calm,) = (one.atom for one in case.atoms if one.atom.name == "calm")
    assert {spec.name: spec.prior for spec in calm.parameters} == {
        "speed": Fixed(0.4), "boost": Fixed(9.0),
    }  # fmt: skip
    assert calm.prior == 0.5
