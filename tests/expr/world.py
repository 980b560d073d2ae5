"""A small world of names, the one that `docs/language/expressions.md` describes."""

from foedus.expr.check import check_expression
from foedus.expr.parse import parse_expression
from foedus.expr.scope import (
    AllianceSymbol,
    BoundSymbol,
    ComponentSymbol,
    DatumSymbol,
    DrawSymbol,
    EventSymbol,
    GroupSymbol,
    OfficeSymbol,
    ParameterSymbol,
    RelationSymbol,
    Scope,
    Symbol,
    VariableSymbol,
)
from foedus.expr.setting import Purpose
from foedus.expr.tree import (
    BOOLEAN,
    PLAIN,
    Binary,
    Expression,
    Group,
    LabelType,
    NumberType,
    Parameter,
    Type,
    label_type,
)
from foedus.text.diagnostic import Diagnostic, Diagnostics
from foedus.text.source import Source, Span

PER_DAY = NumberType(-1)
DAYS = NumberType(1)
WHOLE = NumberType(0, is_whole=True)

CITY = Group("city", 20)
STATE = Group("state", 4, ("russia", "armenia", "kazakhstan", "china"))
MEMBER = Group("member", 3, ("russia", "armenia", "kazakhstan"))
PRESIDENT = LabelType(("nazarbayev", "tokayev", "vacant"))
CHAIR = LabelType(("russia", "armenia", "kazakhstan", "vacant"))
MOOD = LabelType(("calm", "tense", "furious"))

VARIABLES = [
    VariableSymbol("curfew", (), BOOLEAN),
    VariableSymbol("unruly", (CITY,), BOOLEAN),
    VariableSymbol("crowd", (), WHOLE),
    VariableSymbol("troops", (MEMBER,), WHOLE),
    VariableSymbol("fear", (), PLAIN),
    VariableSymbol("loyalty", (MEMBER, CITY), PLAIN),
    VariableSymbol("mood", (CITY,), MOOD),
    VariableSymbol("president.holder", (), PRESIDENT),
    VariableSymbol("chair.holder", (), CHAIR),
    VariableSymbol("csto.member", (MEMBER,), BOOLEAN),
]
PARAMETERS = [
    ParameterSymbol("spark", (), PER_DAY),
    ParameterSymbol("spread", (), PER_DAY),
    ParameterSymbol("delay", (), DAYS),
    ParameterSymbol("factor", (), PLAIN),
    ParameterSymbol("trust", (STATE,), PLAIN),
]
DATA = [DatumSymbol("strength", (STATE,), 0), DatumSymbol("distance", (STATE, STATE), 0)]
DRAWS = [DrawSymbol("force", (), PLAIN), DrawSymbol("struck", (), label_type(CITY))]
EVENTS = [
    EventSymbol("aid.ask", ()),
    EventSymbol("aid.deploy", (MEMBER,)),
    EventSymbol("unrest-spreads", (CITY,)),
    EventSymbol("quarrel", (STATE, STATE)),
    EventSymbol("aid.answer.refuse", ()),
]
RELATIONS = [RelationSymbol("roads", (CITY, CITY)), RelationSymbol("backs", (STATE, CITY))]

Named = VariableSymbol | ParameterSymbol | DatumSymbol | DrawSymbol | EventSymbol | RelationSymbol
_named: tuple[Named, ...] = (*VARIABLES, *PARAMETERS, *DATA, *DRAWS, *EVENTS, *RELATIONS)
_variables = {variable.name: variable for variable in VARIABLES}

SYMBOLS: dict[str, Symbol] = {
    **{symbol.name: symbol for symbol in _named},
    "city": GroupSymbol(CITY),
    "state": GroupSymbol(STATE),
    "member": GroupSymbol(MEMBER),
    "president": OfficeSymbol(_variables["president.holder"]),
    "chair": OfficeSymbol(_variables["chair.holder"]),
    "csto": AllianceSymbol(
        MEMBER,
        _variables["csto.member"],
        lead="russia",
        obligations=("defense", "consultation"),
        decides="consensus",
    ),
    "elite-move": ComponentSymbol("elite-move"),
    "pressure": BoundSymbol(
        Binary("*", Parameter("spark", (), PER_DAY), Parameter("factor", (), PLAIN), PER_DAY)
    ),
}
LABELS = frozenset((*STATE.labels, *PRESIDENT.labels[:2]))
SCOPE = Scope(SYMBOLS, LABELS)


def whole_span(text: str) -> Span:
    """A span over a source that is just this text."""
    return Span(Source("case.yaml", text), 0, len(text))


def check(
    text: str,
    expected: Type | None = None,
    purpose: Purpose = "question",
    scope: Scope = SCOPE,
) -> tuple[Expression | None, list[Diagnostic]]:
    """Parse and check a text; the tree, if any, and what was said."""
    diagnostics = Diagnostics()
    syntax = parse_expression(text, whole_span(text), diagnostics)
    if syntax is None:
        return None, diagnostics.found
    tree = check_expression(syntax, scope, diagnostics, expected=expected, purpose=purpose)
    return tree, diagnostics.found


def tree_of(text: str, expected: Type | None = None, scope: Scope = SCOPE) -> Expression:
    """The tree of a text without faults."""
    tree, found = check(text, expected, scope=scope)
    assert tree is not None, [(item.message, item.help) for item in found]
    assert found == []
    return tree
