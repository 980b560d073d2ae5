"""The figures' colours on a dark ground, as the style of the page that they stand in.

The drawings themselves stay as they are, light wherever they are seen alone or printed: a rule of
a style sheet goes before a colour that an SVG element names.
"""

from __future__ import annotations

from collections.abc import Mapping

from foedus.report.figures.style import (
    BORDER,
    FAINT,
    FILLS,
    INK,
    PALETTE,
    PAPER,
    RULE,
)

GROUND = "#17191c"
"""What is `PAPER` in the light; the page's own ground in the dark."""

# Chosen by search: the hues of the light palette, each at least 4.5 : 1 against the ground, and
# under simulated colour blindness (Machado et al. 2009) no pair closer than in the light.
_PALETTE = (
    "#3c96f0", "#e5892f", "#43d6a2", "#d88fbd", "#efd65d", "#8cc8f7", "#a470b1", "#858585",
)  # fmt: skip

_FILLS = ("#1f3b55", "#3a3d42", "#4a381c", "#1f4435")

DARK: Mapping[str, str] = {
    INK: "#ececec", FAINT: "#b0b0b0", RULE: "#444444", BORDER: "#8a8a8a", PAPER: GROUND,
    **dict(zip(PALETTE, _PALETTE, strict=True)),
    **dict(zip(FILLS.values(), _FILLS, strict=True)),
}  # fmt: skip
"""Every colour of a drawing, with the one in its place on a dark ground."""


def dark_rules() -> str:
    """The rules of a style sheet (CSS) that turn the drawings of a page dark."""
    return "\n".join(
        f'.drawing [{part}="{light}"] {{ {part}: {dark}; }}'
        for light, dark in DARK.items()
        for part in ("fill", "stroke")
    )
