"""Workload A in SBML (level 3, version 1), for engines that read it."""

from __future__ import annotations

import ast

from foedus.bench.peers.reactions import REACTIONS, START

HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
<model id="crisis" substanceUnits="item" timeUnits="second" extentUnits="item">
<listOfCompartments><compartment id="country" spatialDimensions="3" size="1" constant="true"/>
</listOfCompartments>
"""

MATH = "http://www.w3.org/1998/Math/MathML"
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divide",
}  # fmt: skip


def crisis_in_sbml() -> str:
    """The model as one text."""
    species = "".join(
        f'<species id="{name}" compartment="country" initialAmount="{value}"'
        ' hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>\n'
        for name, value in START.items()
    )
    reactions = "".join(_reaction(*reaction) for reaction in REACTIONS)
    return (
        f"{HEAD}<listOfSpecies>\n{species}</listOfSpecies>\n"
        f"<listOfReactions>\n{reactions}</listOfReactions>\n</model>\n</sbml>\n"
    )


def _reaction(name: str, takes: tuple[str, ...], makes: tuple[str, ...], rate: str) -> str:
    tree = ast.parse(rate, mode="eval").body
    read = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - set(takes))
    modifiers = "".join(f'<modifierSpeciesReference species="{one}"/>' for one in read)
    return (
        f'<reaction id="{name}" reversible="false" fast="false">\n'
        f"{_species('Reactants', takes)}{_species('Products', makes)}"
        + (f"<listOfModifiers>{modifiers}</listOfModifiers>\n" if modifiers else "")
        + f'<kineticLaw><math xmlns="{MATH}">{_math(tree)}</math></kineticLaw>\n</reaction>\n'
    )


def _species(role: str, names: tuple[str, ...]) -> str:
    if not names:
        return ""
    listed = "".join(
        f'<speciesReference species="{name}" stoichiometry="1" constant="true"/>' for name in names
    )
    return f"<listOf{role}>{listed}</listOf{role}>\n"


def _math(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return f"<cn>{node.value!r}</cn>"
    if isinstance(node, ast.Name):
        return f"<ci>{node.id}</ci>"
    assert isinstance(node, ast.BinOp)
    operator = OPERATORS[type(node.op)]
    return f"<apply><{operator}/>{_math(node.left)}{_math(node.right)}</apply>"
