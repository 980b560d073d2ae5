"""`foedus history import`, `foedus history list` and `foedus cite`."""

from pathlib import Path

import pytest

from foedus.cli.history import HISTORY
from foedus.cli.score import SCORE
from foedus.history.classes import class_names
from foedus.history.handovers import handovers
from foedus.history.measures.registry import MEASURES
from tests.cli.program import call
from tests.history.places import sample

Capsys = pytest.CaptureFixture[str]


def test_import_list_and_cite(capsys: Capsys) -> None:
    empty = call(capsys, "history", "list")
    assert empty.out.startswith("The store is empty.")
    assert "untested on real files" in empty.out
    done = call(capsys, "history", "import", "archigos", str(sample("archigos")))
    assert (done.code, done.out) == (0, "archigos: 3 rows from archigos.csv\n")
    again = call(capsys, "history", "import", "archigos", str(sample("archigos")))
    assert "nothing changed" in again.out
    untried = call(capsys, "history", "import", "acled", str(sample("acled")))
    assert "untested on real files" in untried.out
    listed = call(capsys, "history", "list", "--json").json
    assert [one["format"] for one in listed["datasets"]] == ["acled", "archigos"]
    assert "archigos.csv" in call(capsys, "history", "list").out
    cited = [call(capsys, "cite", name).out for name in ("archigos", "vdem")]
    assert cited[0].startswith("@article{archigos,")
    assert call(capsys, "cite", "archigos", "vdem", "archigos").out == "\n".join(cited)


def test_import_as_json(capsys: Capsys) -> None:
    done = call(capsys, "history", "import", "colpus", str(sample("colpus")), "--json").json
    assert (done["is_new"], done["dataset"]["rows"], done["diagnostics"]) == (True, 3, [])


def test_a_broken_file_ends_with_1_and_a_missing_one_with_5(capsys: Capsys, tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text(sample("archigos").read_text().replace("705", "x"))
    result = call(capsys, "history", "import", "archigos", str(broken))
    assert (result.code, result.out) == (1, "")
    assert "row 1, column `gwcode`: `x` is no state's code" in result.err
    assert "nothing was taken in" in result.err
    record = call(capsys, "history", "import", "archigos", str(broken), "--json").json
    assert record["dataset"] is None
    assert record["diagnostics"][0]["line"] == 2
    gone = call(capsys, "history", "import", "archigos", str(tmp_path / "gone.csv"))
    assert (gone.code, gone.out) == (5, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["history", "import", "archgos", "x"], "write `archigos`"),
        (["history", "import", "archigos", "x", "--encoding", "utf-7.5"], "no encoding is called"),
        (["history", "import", "archigos", "x", "--encoding", "rot13"], "no encoding is called"),
        (["history", "imprt"], "did you mean `import`?"),
    ],
)
def test_wrong_usage(capsys: Capsys, arguments: list[str], words: str) -> None:
    result = call(capsys, *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_a_case_is_cited_by_its_sources(capsys: Capsys) -> None:
    result = call(capsys, "cite", "hungary-1956")
    assert result.code == 0
    assert "@misc{" in result.out
    assert result.out.count("{") == result.out.count("}")
    record = call(capsys, "cite", "hungary-1956", "--json").json
    assert record == {"names": ["hungary-1956"], "bibtex": result.out}
    both = call(capsys, "cite", "hungary-1956", "handovers", "hungary-1956", "--json").json
    assert both["names"] == ["hungary-1956", "handovers"]
    assert both["bibtex"].startswith(result.out)


def test_every_source_of_a_rate_can_be_cited(capsys: Capsys) -> None:
    for name in sorted({name for one in MEASURES.values() for name in one.cites}):
        result = call(capsys, "cite", name)
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith("@")
    cited = call(capsys, "cite", "handovers").out
    years = [one.left.year for one in handovers()]
    assert f"{min(years)}--{max(years)}: {len(years)} cases" in cited


def test_an_interval_is_as_fine_as_its_upper_end(capsys: Capsys) -> None:
    """0.013 to 68 per cent had been told so."""
    arguments = ["history", "rate", "request-granted", "--before", "2022-01-01"]
    narrow = call(capsys, *arguments, "--where", "body = csto", "--where", "genuine = yes").out
    assert "21 %, 0–53 %" in narrow.replace("\n", " ")
    by_country = call(capsys, "history", "rate", "handover-control-lost", "--by", "country").out
    angola, china = (
        next(line for line in by_country.splitlines() if line.startswith(f"{name} "))
        for name in ("Angola", "China")
    )
    assert "1.1  0.03–5.9 " in angola
    assert "0–2.4  " in china
    assert "0.01–0.66" in china


def test_rates_in_words_and_as_json(capsys: Capsys) -> None:
    listed = call(capsys, "history", "rate").out
    assert "request-granted" in listed
    assert "import archigos" in listed
    assert listed.index("How many of so many") < listed.index("request-granted:")
    assert listed.index("How many in so many years") < listed.index("irregular-exit:")
    # What a case can name beyond the questions is nowhere else to be found.
    assert all(name in listed for name in class_names())
    arguments = ["history", "rate", "request-granted", "--where", "frame = alliance"]
    shown = call(capsys, *arguments, "--by", "threat")
    assert shown.code == 0
    assert "36  84     43" in shown.out
    assert "7 of 20 in the narrowest class (called on: an alliance): 35 %, 95 %" in shown.out
    assert "\nprotest  " in shown.out
    assert "from 35 to 43 % as counted" in shown.out
    assert "frame: called on (alliance, bilateral, regional)" not in shown.out
    wide = call(capsys, "history", "rate", "request-granted").out
    assert "frame: called on (alliance, bilateral, regional)" in wide
    record = call(capsys, *arguments, "--before", "2010-01-01", "--json").json
    assert record["before"] == "2010-01-01"
    assert record["classes"][1]["n"] < 20
    assert 0.0 < record["classes"][1]["pooled"]["own_weight"] < 1.0
    lengths = call(capsys, "history", "rate", "days-to-troops", "--json").json
    assert set(lengths["classes"][0]["quantiles"]) == {"0.1", "0.25", "0.5", "0.75", "0.9"}
    assert "How to cite it: `foedus cite aid-requests`." in shown.out.replace("\n", " ")
    bodies = call(capsys, "history", "rate", "request-granted", "--by", "body", "--lang", "fi").out
    assert "\nODKB " in bodies
    assert "Miten siihen viitataan: `foedus cite aid-requests`." in bodies.replace("\n", " ")
    questions = call(capsys, "history", "rate", "--json").json["questions"]
    assert {"name", "columns", "missing", "cites"} <= set(questions[0])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["request-grantd"], "write `request-granted`"),
        (["request-granted", "--where", "body = CSTO"], "write `csto`"),
        (["request-granted", "--where", "freme = x"], "write `frame`"),
        (["irregular-exit"], "foedus history import archigos FILE"),
        (["request-granted", "--where", "year < 1900"], "nothing was counted"),
        (["request-granted", "--where", "threat = protset"], "write `protest`"),
        (["request-granted", "--where", "threat != protset"], "write `protest`"),
        (["request-granted", "--where", "genuine = yes, contested"], "`|` joins several"),
        (["request-granted", "--where", "frame > 3"], "`frame` holds words"),
        (["request-granted", "--where", "year = 2000..1990"], "the lower end first"),
        (["request-granted", "--where", "year = 1990....2015"], "the lower end first"),
        (["request-granted", "--where", "year != ....."], "a number or a range"),
        (["request-granted", "--where", "year = nan"], "no `year` can be `nan`"),
        (
            ["request-granted", "--before", "2022"],
            "`2022` is no day: write one such as `2022-01-06`",
        ),
    ],
)
def test_what_cannot_be_asked(capsys: Capsys, arguments: list[str], words: str) -> None:
    result = call(capsys, "history", "rate", *arguments)
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def test_shares_of_none_and_of_all_are_written_plainly(capsys: Capsys) -> None:
    shown = call(capsys, "history", "rate", "request-granted", "--by", "decision").out
    rows = [row.split() for row in shown.splitlines()]
    (granted,) = (row[3:] for row in rows if row[:3] == ["granted", "in", "full"])
    (refused,) = (row[1:] for row in rows if row[:1] == ["refused"])
    assert granted[2:4] == ["100", "90–100"]
    assert refused[2:4] == ["0", "0–11"]


@pytest.mark.parametrize(
    ("group", "name"), [("history", one) for one in HISTORY] + [("score", one) for one in SCORE]
)
def test_every_command_speaks_both_languages(capsys: Capsys, group: str, name: str) -> None:
    assert "--lang [en|fi]" in call(capsys, group, name, "--help").out


COMMANDS = (
    ["rate"], ["rate", "request-granted", "--where", "threat = coup", "--by", "genuine"],
    ["rate", "handover-control-lost", "--where", "kin = no"],
    ["rate", "days-to-troops", "--where", "frame = bilateral", "--before", "2010-01-01"], ["list"],
)  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_every_table_speaks_finnish_and_fits(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    shown = {}
    for columns in (40, 80):
        monkeypatch.setattr(f"foedus.cli.history.{arguments[0]}.width", lambda wide=columns: wide)
        for language in ("en", "fi"):
            found = call(capsys, "history", *arguments, "--lang", language)
            assert found.code == 0
            assert [line for line in found.out.splitlines() if len(line) > columns] == []
            shown[language] = found.out
    english, finnish = (set(shown[language].split()) for language in ("en", "fi"))
    words = {"of", "class", "years", "which"}
    if arguments == ["list"]:
        words = {"Formats:", "store", "leaders", "states", "wars", "coded", "export"}
    assert not words & finnish
    assert words & english


REQUESTS = """\
case_id,requester,body,frame,threat,genuine,request_date,request_prec,leader
KAZ-2022,Kazakhstan,CSTO Art. 4,alliance,protest,yes,2022-01-05,day,Tokayev
X,Ruritania,League,galactic,dragon,,,,
"""


def test_forecasts_keep_the_contract(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(REQUESTS)
    record = call(capsys, "history", "forecast", str(path), "--json").json
    assert [one["case_id"] for one in record["forecasts"]] == ["KAZ-2022", "X"]
    for one in record["forecasts"]:
        shares = [one[name] for name in ("granted", "partial", "refused")]
        assert sum(shares) == pytest.approx(1.0, abs=1e-12)
        assert all(0.0 < share < 1.0 for share in (*shares, one["in_office_1y"]))
        assert one["days_median"] >= 0.0
    assert record["missing"] == ["archigos", "atop-dyad-years", "vdem"]
    shown = call(capsys, "history", "forecast", str(path))
    assert shown.code == 0
    assert "fewer covariates, wider answers" in " ".join(shown.out.split())
    assert "15 refusals more" in shown.out


def test_forecasts_speak_finnish_and_fit(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(REQUESTS)
    for columns in (40, 80):
        monkeypatch.setattr("foedus.cli.history.forecast.width", lambda wide=columns: wide)
        for language in ("en", "fi"):
            shown = call(capsys, "history", "forecast", str(path), "--lang", language).out
            assert [line for line in shown.splitlines() if len(line) > columns] == []
    told = " ".join(shown.split())
    assert "2 ennustetta, kukin opittu 13" in told
    assert "X: millään aiemmalla pyynnöllä uhka ei ole `dragon`" in told
    assert not {"the", "of", "granted", "earlier"} & set(told.split())


def test_what_became_of_a_request_is_not_read(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    head, first, *_ = REQUESTS.splitlines()
    seen = []
    for end in ("granted", "refused"):
        path.write_text(f"{head},decision\n{first},{end}\n")
        seen.append(call(capsys, "history", "forecast", str(path), "--json").json)
    assert seen[0] == seen[1]


def test_nothing_well_formed_is_refused(capsys: Capsys, tmp_path: Path) -> None:
    """Names from anywhere or none, words in capitals, days far off, the same row twice."""
    path = tmp_path / "requests.csv"
    head, kazakhstan, *_ = REQUESTS.splitlines()
    capitals = kazakhstan.replace("alliance,protest,yes", "Alliance,PROTEST,Yes")
    rows = [kazakhstan, kazakhstan, capitals, "N,,,,,,,,", "日,日本,同盟,,,,2050,year,",
            "O,Ruritania,League,alliance,protest,yes,1850-01,month,King"]  # fmt: skip
    path.write_bytes("\r\n".join(["\ufeff" + head, *rows]).encode())
    record = call(capsys, "history", "forecast", str(path), "--json").json
    first, again, shouted, nameless, *_ = record["forecasts"]
    assert first == again == shouted
    assert nameless["notes"][1:3] == [
        "no asker is named: the wider class is used", "no body is named: the wider class is used",
    ]  # fmt: skip
    assert [one["case_id"] for one in record["forecasts"][3:]] == ["N", "日", "O"]
    for one in record["forecasts"]:
        shares = [one[name] for name in ("granted", "partial", "refused")]
        assert sum(shares) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("threat,", "thread,", "there is no column `threat`"),
        ("2022-01-05", "5 January", "row 1, column `request_date`: `5 January` is no date"),
        ("2022-01-05", "0000", "row 1, column `request_date`: `0000` is no date"),
        ("2022-01-05,day", "2022-01-05,dya", "row 1, column `request_prec`: `dya` is no precision"),
        ("X,Ruritania", ",Ruritania", "column `case_id`: the cell is empty"),
        ("Tokayev", "Tokayev,extra", "row 1: the row has 10 cells, the header 9"),
    ],
)
def test_a_file_that_is_not_well_formed(
    capsys: Capsys, tmp_path: Path, old: str, new: str, words: str
) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(REQUESTS.replace(old, new, 1))
    result = call(capsys, "history", "forecast", str(path))
    assert (result.code, result.out) == (1, "")
    assert words in result.err
    record = call(capsys, "history", "forecast", str(path), "--json")
    assert record.code == 1
    assert words in record.json["diagnostics"][0]["message"]


@pytest.mark.parametrize(
    ("text", "cause", "cure"),
    [
        ("", "the file is empty", "its first line must be the names of its columns"),
        (REQUESTS.replace(",", ";"), "separated by semicolons", "separate them by commas"),
        (REQUESTS.replace(",", "\t"), "separated by tabs", "separate them by commas"),
        (REQUESTS.upper(), "none of the columns", "write them in small letters"),
        (REQUESTS.replace("er,", "or,", 1), "no column `requester`", "`requestor` stands there"),
        (REQUESTS.replace("day", "dya"), "`dya` is no precision of a date", "write `day`"),
        (REQUESTS.replace(",day", ",1"), "`1` is no precision", "`day`, `week`, `month`, `year`"),
        (REQUESTS.replace("2022-01-05", "5.1.2022"), "is no date", "or leave the cell empty"),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_file_in_another_form(
    capsys: Capsys, tmp_path: Path, text: str, cause: str, cure: str, mark: str
) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(mark + text, encoding="utf-8")
    result = call(capsys, "history", "forecast", str(path))
    assert (result.code, result.out) == (1, "")
    assert cause in result.err
    assert cure in result.err


def test_what_is_odd_in_a_file_is_said_beside_the_forecasts(capsys: Capsys, tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    head, kazakhstan, *_ = REQUESTS.splitlines()
    path.write_text(f"{head}\n{kazakhstan}\nKAZ-2022,Mali,France,bilateral,coup,yes,2013,,\n")
    result = call(capsys, "history", "forecast", str(path), "--json")
    assert result.code == 0
    assert len(result.json["forecasts"]) == 2
    assert "row 2, column `case_id`: `KAZ-2022` stands in row 1, too" in result.err
    for text in (head, f"{head}\n"):
        path.write_text(text)
        result = call(capsys, "history", "forecast", str(path), "--json")
        assert (result.code, result.json["forecasts"]) == (0, [])
        assert "the file has no requests" in result.err


@pytest.mark.parametrize(
    ("written", "precision", "like"),
    [
        ("2012-07-14", "Month", "2012-07-01"),
        ("2012-07", "day", "2012-07-01"),
        ("2012-07", "year", "2012-01-01"),
        ("2012", "", "2012-01-01"),
        ("2012-07-14", "week", "2012-07-08"),
        ("2012-07-14", "", "2012-07-14"),
    ],
)
def test_a_date_is_as_precise_as_it_is_written_and_said_to_be(
    capsys: Capsys, tmp_path: Path, written: str, precision: str, like: str
) -> None:
    path = tmp_path / "requests.csv"
    head = REQUESTS.splitlines()[0]
    rows = (f"A,Mali,France,bilateral,coup,yes,{date},{said},Toure" for date, said in
            ((written, precision), (like, "day")))  # fmt: skip
    path.write_text("\n".join([head, *rows]))
    result = call(capsys, "history", "forecast", str(path), "--json").json
    vague, exact = (dict(one, notes=()) for one in result["forecasts"])
    assert vague == exact


def test_a_file_that_is_not_there(capsys: Capsys, tmp_path: Path) -> None:
    assert call(capsys, "history", "forecast", str(tmp_path / "gone.csv")).code == 5
