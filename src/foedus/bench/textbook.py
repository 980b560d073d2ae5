"""A jump model without indices as C by the textbook, for models that nobody wrote in C by hand.

The program is the direct method [Gillespie1976]_: all rates at every event, one loop to choose,
uncoupled noise, parameters written in as constants. It knows what `random_models` uses (numbers,
flags, rates, effects of one run of the world) and raises `NoYardstick` for anything else.

.. [Gillespie1976] D. T. Gillespie (1976), A general method for numerically simulating the
   stochastic time evolution of coupled chemical reactions, J. Comput. Phys. 22, 403-434.
"""

from __future__ import annotations

from collections.abc import Mapping

from foedus.bench.yardstick import NoYardstick
from foedus.expr import tree
from foedus.jump.model import EventKind, JumpModel, Rate

OPERATORS = {"and": "&&", "or": "||"}
FUNCTIONS = {"exp": "exp", "log": "log", "sqrt": "sqrt", "abs": "fabs", "floor": "floor",
             "power": "pow", "min": "fmin", "max": "fmax"}  # fmt: skip

PROGRAM = """\
#include "noise.h"
#include "stopwatch.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct {{
{fields}
}} State;

static inline double all_rates(const State *s, double *rate) {{
{rates}
    double total = 0.0;
    for (int kind = 0; kind < {kinds}; kind++) {{
        total += rate[kind];
    }}
    return total;
}}

static inline void fire(State *s, int kind) {{
    const State before = *s;
    switch (kind) {{
{effects}
    }}
}}

int main(int count, char **words) {{
    long runs = count > 1 ? atol(words[1]) : 1;
    uint64_t seed = count > 2 ? strtoull(words[2], NULL, 10) : 1;
    double days = count > 3 ? atof(words[3]) : {horizon};
    double mean[{variables}] = {{0}};
    long events = 0;
    double start = cpu_seconds();
    for (long run = 0; run < runs; run++) {{
        Noise noise = noise_of(seed, run);
        State state = {{{start}}};
        double time = 0.0;
        for (;;) {{
            double rate[{kinds}];
            double total = all_rates(&state, rate);
            if (total <= 0.0) {{
                break;
            }}
            time -= log(next_uniform(&noise)) / total;
            if (time > days) {{
                break;
            }}
            double left = next_uniform(&noise) * total;
            int kind = 0;
            while (kind < {kinds} - 1 && (left -= rate[kind]) >= 0.0) {{
                kind++;
            }}
            fire(&state, kind);
            events++;
        }}
{sums}
    }}
    double seconds = cpu_seconds() - start;
    printf("{{\\"events\\": %ld, \\"seconds\\": %.6f", events, seconds);
{prints}
    printf("}}\\n");
}}
"""


def textbook(model: JumpModel, theta: Mapping[str, object]) -> str:
    """The C program. It takes RUNS, SEED, DAYS and prints events, seconds and means at the end."""
    writer = _Writer(theta)
    names = [_name(spec.name) for spec in model.variables]
    if any(spec.groups for spec in model.variables):
        raise NoYardstick("the textbook program knows no indices")
    types = {"flag": "int", "count": "int"}
    return PROGRAM.format(
        fields="\n".join(
            f"    {types.get(spec.kind, 'double')} {name};"
            for spec, name in zip(model.variables, names, strict=True)
        ),
        rates="\n".join(
            f"    rate[{number}] = {writer.rate(kind)};" for number, kind in enumerate(model.kinds)
        ),
        effects="\n".join(_case(writer, number, kind) for number, kind in enumerate(model.kinds)),
        kinds=len(model.kinds),
        variables=len(names),
        horizon=model.horizon,
        start=", ".join(writer.text(spec.start, "s->") for spec in model.variables),
        sums="\n".join(f"        mean[{n}] += state.{name};" for n, name in enumerate(names)),
        prints="\n".join(
            f'    printf(", \\"{spec.name}\\": %.6g", mean[{number}] / runs);'
            for number, spec in enumerate(model.variables)
        ),
    )


def _name(name: str) -> str:
    return name.replace("-", "_").replace(".", "_")


def _case(writer: _Writer, number: int, kind: EventKind) -> str:
    if kind.draws or kind.options or any(one.loop or one.condition for one in kind.effects):
        raise NoYardstick("the textbook program knows plain effects only")
    lines = [
        f"        s->{_name(one.variable)} = {writer.text(one.value, 'before.')};"
        for one in kind.effects
    ]
    return "\n".join([f"    case {number}:", *lines, "        break;"])


class _Writer:
    """Expressions as C."""

    def __init__(self, theta: Mapping[str, object]) -> None:
        self.theta = theta

    def rate(self, kind: EventKind) -> str:
        """The rate of a kind, 0 where its guard does not hold."""
        if not isinstance(kind.timing, Rate) or kind.timing.every is not None or kind.groups:
            raise NoYardstick("the textbook program knows plain rates only")
        hazard = self.text(kind.timing.hazard, "s->")
        return hazard if kind.guard is None else f"{self.text(kind.guard, 's->')} ? {hazard} : 0.0"

    def text(self, node: tree.Expression, state: str) -> str:
        """An expression; the state's cells are found behind `state`."""
        match node:
            case tree.Number():
                return repr(float(node.value))
            case tree.Truth():
                return str(int(node.value))
            case tree.Parameter():
                return f"({self.theta[node.name]!r})"
            case tree.Variable():
                return f"{state}{_name(node.name)}"
            case tree.Negative():
                return f"(-{self.text(node.value, state)})"
            case tree.Not():
                return f"(!{self.text(node.value, state)})"
            case tree.Binary():
                left, right = self.text(node.left, state), self.text(node.right, state)
                if node.operator == "/":  # two whole numbers must not be divided as such
                    left = f"(double){left}"
                return f"({left} {OPERATORS.get(node.operator, node.operator)} {right})"
            case tree.Conditional():
                condition, yes = self.text(node.condition, state), self.text(node.yes, state)
                return f"({condition} ? {yes} : {self.text(node.no, state)})"
            case tree.Call():
                return self._call(node, state)
        raise NoYardstick(f"the textbook program knows no {type(node).__name__.lower()}")

    def _call(self, node: tree.Call, state: str) -> str:
        values = [self.text(argument, state) for argument in node.arguments]
        function = FUNCTIONS[node.function]
        text = values[0]
        if len(values) == 1:
            return f"{function}({text})"
        for value in values[1:]:
            text = f"{function}({text}, {value})"
        return text
