"""The pinned files: complete, hash-checked, free of addresses."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.project import ROOT

PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; [^:/]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
ORIGIN = re.compile(r"    #(?: via|   )[^:]*(?::[a-z]+\))?")

GROUPS = {"run": "build", "dev": "dev"}


def lines_out_of_form(text: str) -> list[str]:
    """Lines that are no pin, no hash and no note of who asked for the package."""
    forms = (PIN, HASH, ORIGIN)
    return [line for line in text.splitlines() if not any(form.fullmatch(line) for form in forms)]


def pins(name: str) -> dict[str, str]:
    """The version of each package in a requirement file."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    return {match["name"]: match["version"] for match in PIN.finditer(text)}


def wanted(group: str) -> list[Requirement]:
    """What pyproject.toml asks for: the dependencies, a group, and the groups it includes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    listed = list(project["project"]["dependencies"])
    open_groups = [group]
    while open_groups:
        for item in groups[open_groups.pop()]:
            if isinstance(item, str):
                listed.append(item)
            else:
                open_groups.append(item["include-group"])
    return [Requirement(item) for item in listed]


@pytest.mark.parametrize("name", GROUPS)
def test_only_pins_and_hashes(name: str) -> None:
    assert lines_out_of_form((ROOT / "requirements" / f"{name}.txt").read_text()) == []


@pytest.mark.parametrize("name", GROUPS)
def test_pins_satisfy_the_project(name: str) -> None:
    pinned = pins(name)
    for requirement in wanted(GROUPS[name]):
        version = pinned[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


def test_development_has_the_versions_of_a_run() -> None:
    assert pins("run").items() <= pins("dev").items()


@pytest.mark.parametrize(
    "line",
    [
        "--index-" + "url http://example.org/",
        "--find-links wheels",
        "click @ file:///wheels/click",
        "click>=8",
        "    # from http://example.org/",
    ],
)
def test_an_address_is_seen(line: str) -> None:
    assert lines_out_of_form(line) == [line]
