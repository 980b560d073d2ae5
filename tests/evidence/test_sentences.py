"""Sentences, in Finnish and English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.evidence.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Hän tuli 6. tammikuuta.", "Sitten hän lähti."],
        ["K. J. Virtanen puhui pitkään.", "Muut olivat hiljaa."],
        ["Esim. Ruotsi ja mm. Tanska äänestivät.", "Entä Norja?", "Ei tietoa!"],
        ["Se kesti 20-vuotisen kauden, v. 1990 alkaen.", "Se päättyi 2010."],
        ["Klo 12.30 alkoi kokous.", "– Ei käy, hän sanoi."],
        ['Hän kutsui sitä "voitoksi".', '"Niin oli."', "Kaikki nauroivat."],
        ["Mitä nyt?!", "»Ei mitään.»", "Ääni vaimeni..."],
        ["The U.S. troops left, e.g. by air.", "Gen. Smith stayed (for a while.)", "Then he left."],
        ["Was it so? asked the man, and no answer came.", "None."],
        ["It grew by 1.5 per cent vs. Sweden.", "2022 was worse."],
        ["今日は晴れ。", "明日は雨！", "なぜ？"],
        ["Он пришёл 6 января.", "Потом ушёл."],
    ],
)
def test_sentences(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts
    assert split("\n\n".join(parts)) == parts
    assert split(" " + "\r\n".join(parts) + "\n") == parts


def test_a_line_end_is_no_end_but_a_blank_line_is() -> None:
    assert split("Otsikko\n\nLause jatkuu\nriviltä toiselle.") == [
        "Otsikko",
        "Lause jatkuu\nriviltä toiselle.",
    ]


def test_nothing_has_no_sentences() -> None:
    assert sentences("") == []
    assert sentences(" \n\n\t ") == []


@given(st.text("aÄ .!?\"'\n\r\t.1–。", max_size=80))
def test_sentences_divide_the_text(text: str) -> None:
    found = sentences(text)
    position = 0
    for start, end in found:
        assert position <= start < end
        assert text[position:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        position = end
    assert text[position:].strip() == ""
