"""Files that no friend would send, as text or bytes, each with the code it must be refused by."""

from foedus.text.codes import Code

HEAD = "foedus: 1\ncase: x\ntitle: X\nclock: {start: 2022-01-01, end: 2022-02-01}\n"
PACE = "parameters: {p: {value: 1, unit: per day, grade: assumed, because: t}}\n"
MOVES = f"{PACE}state: {{s: {{type: count, starts: 0}}}}\n"
GROUP = f"{HEAD}groups: {{g: 2}}\n"


def rate(expression: str) -> str:
    """A case with this rate."""
    return f'{HEAD}{MOVES}events:\n  e: {{rate: "{expression}", then: {{s: s + 1}}}}\n'


def guard(expression: str) -> str:
    """A case with this guard."""
    return f'{HEAD}{MOVES}events:\n  e: {{rate: p, when: "{expression}", then: {{s: s + 1}}}}\n'


def table(path: str) -> str:
    """A case that reads its data from this file."""
    return f'{GROUP}data: {{d: {{per: g, csv: "{path}", grade: assumed, because: t}}}}\n'


def many(count: int, line: str) -> str:
    """A line many times over, `#` the number."""
    return "".join(line.replace("#", str(number)) + "\n" for number in range(count))


FILES: dict[str, tuple[str | bytes, Code]] = {
    # Files that are no text, or not UTF-8.
    "empty": ("", Code.BAD_YAML),
    "comments": ("# nothing\n# here\n", Code.BAD_YAML),
    "binary": (bytes(range(256)) * 1000, Code.BAD_ENCODING),
    "nul": ("foedus: 1\n\0\n", Code.BAD_ENCODING),
    "utf-16": ("foedus: 1\n".encode("utf-16"), Code.BAD_ENCODING),
    "utf-16-be": ("foedus: 1\n".encode("utf-16-be"), Code.BAD_ENCODING),
    "utf-32": ("foedus: 1\n".encode("utf-32"), Code.BAD_ENCODING),
    "latin-1": ("title: pää\n".encode("latin-1"), Code.BAD_ENCODING),
    "two-marks": ("\ufeff\ufefffoedus: 1\n", Code.BAD_ENCODING),
    "surrogates": (b"title: \xed\xa0\x80\n", Code.BAD_ENCODING),
    "escape": ("title: \x1b[2J\n", Code.BAD_ENCODING),
    "direction": ("title: \u202esdrawkcab\n", Code.BAD_ENCODING),
    # YAML that can do things.
    "anchor": ("a: &a [1]\nb: *a\n", Code.YAML_ANCHOR),
    "laughs": ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", Code.YAML_ANCHOR),
    "merge": ("a: &a {b: 1}\nc: {<<: *a}\n", Code.YAML_ANCHOR),
    "merge-key": (HEAD + "<<: {a: 1}\n", Code.UNKNOWN_KEY),
    "python-tag": ("!!python/object/apply:os.system ['touch owned']\n", Code.YAML_TAG),
    "tag": (HEAD + "doc: !include /etc/passwd\n", Code.YAML_TAG),
    "binary-tag": (HEAD + "doc: !!binary AAAA\n", Code.YAML_TAG),
    "directive": ("%TAG ! tag:x,2000:\n---\na: !b 1\n", Code.YAML_TAG),
    "documents": (HEAD + "---\n" + HEAD, Code.BAD_YAML),
    "tabs": ("foedus: 1\nclock:\n\tstart: 2022\n", Code.BAD_YAML),
    "key-list": ("? [a, b]\n: 1\n", Code.BAD_YAML),
    # Too much of it.
    "100 MB": (b"\n" * 100_000_000, Code.FILE_TOO_LARGE),
    "brackets": ("[" * 1_000_000, Code.NESTED_TOO_DEEPLY),
    "closed brackets": ("[" * 1_000_000 + "]" * 1_000_000, Code.NESTED_TOO_DEEPLY),
    "braces": ("{" * 1_000_000, Code.NESTED_TOO_DEEPLY),
    "dashes": ("- " * 1_000_000, Code.NESTED_TOO_DEEPLY),
    "questions": ("? " * 1_000_000, Code.NESTED_TOO_DEEPLY),
    "indents": ("".join(" " * i + "a:\n" for i in range(2000)), Code.NESTED_TOO_DEEPLY),
    "small lists": ("a: [" + "[]," * 1_000_000 + "]", Code.FILE_TOO_LARGE),
    "keys": (HEAD + many(100_000, "k#: 1"), Code.FILE_TOO_LARGE),
    "same key": (HEAD + many(100_000, "doc: x"), Code.FILE_TOO_LARGE),
    "unknown keys": (HEAD + many(30_000, "k#: 1"), Code.UNKNOWN_KEY),
    "labels": (HEAD + f"groups: {{g: [{many(400_000, 'x#,')}]}}\n", Code.FILE_TOO_LARGE),
    "long line": (HEAD + "actors: {a: {kind: " + "x" * 3_900_000 + "}}\n", Code.UNKNOWN_WORD),
    "long quotes": (HEAD + 'actors: {a: {kind: "' + "\\x41" * 900_000 + '"}}\n', Code.UNKNOWN_WORD),
    "long key": (HEAD + "? " + "k" * 2_000_000 + "\n: 1\n", Code.UNKNOWN_KEY),
    "open quote": ('title: "' + '\\"' * 1_000_000, Code.BAD_YAML),
    "signs": ("%" * 1_000_000, Code.BAD_YAML),
    "bangs": ("!" * 1_000_000, Code.YAML_TAG),
    # Numbers.
    "huge integer": ("foedus: " + "9" * 1_000_000, Code.BAD_NUMBER),
    "1e999": (
        HEAD + "parameters: {p: {value: 1e999, grade: assumed, because: t}}\n",
        Code.BAD_NUMBER,
    ),
    "nan": (HEAD + "parameters: {p: {value: .nan, grade: assumed, because: t}}\n", Code.BAD_NUMBER),
    "infinity": (
        HEAD + "parameters: {p: {value: -.inf, grade: assumed, because: t}}\n",
        Code.BAD_NUMBER,
    ),
    "huge group": (HEAD + "groups: {g: 99999999999999999999}\n", Code.BAD_NUMBER),
    "huge table": (
        HEAD + "groups: {g: 1000000}\ndata: {d: {per: [g, g], values: {1: {1: 1}}, grade: assumed, "
        "because: t}}\n",
        Code.BAD_TABLE,
    ),
    "holey table": (
        HEAD
        + "groups: {g: 1000000}\ndata: {d: {per: g, values: {1: 2}, grade: assumed, because: t}}\n",
        Code.BAD_TABLE,
    ),
    "dense relation": (
        HEAD + "groups: {g: 100000}\nrelations: {r: {between: [g, g], generate: "
        "{kind: random-regular, degree: 99998}}}\n",
        Code.BAD_NUMBER,
    ),
    # Expressions.
    "nested": (rate("(" * 10_000 + "p" + ")" * 10_000), Code.BAD_EXPRESSION),
    "nested calls": (rate("max(" * 10_000 + "p, p" + ")" * 10_000), Code.BAD_EXPRESSION),
    "nested a little": (rate("(" * 400 + "p" + ")" * 400), Code.BAD_EXPRESSION),
    "nots": (guard("not " * 10_000 + "s == 0"), Code.BAD_EXPRESSION),
    "signs of minus": (rate("- " * 10_000 + "p"), Code.BAD_EXPRESSION),
    "ifs": (rate("if s == 0 then p else " * 10_000 + "p"), Code.BAD_EXPRESSION),
    "indices": (rate("s[" * 10_000 + "1" + "]" * 10_000), Code.BAD_EXPRESSION),
    "sums": (rate(" + ".join(["p"] * 100_000)), Code.BAD_EXPRESSION),
    "points": (rate(".".join(["a"] * 100_000)), Code.BAD_EXPRESSION),
    "long name": (rate("a" * 1_000_000), Code.BAD_EXPRESSION),
    "long number": (rate("9" * 1_000_000), Code.BAD_EXPRESSION),
    "spaces": (rate(" " * 1_000_000 + "p"), Code.BAD_EXPRESSION),
    "code": (rate("__import__('os').system('touch owned')"), Code.BAD_EXPRESSION),
    # Leaves.
    "long date": (HEAD.replace("2022-02-01", '"' + "2022-" * 200_000 + '"'), Code.BAD_DATE),
    "long prior": (
        f"{HEAD}parameters: {{p: {{prior: '{'80% between ' * 100_000}', grade: assumed}}}}\n",
        Code.BAD_PRIOR,
    ),
    "long unit": (
        f"{HEAD}parameters: {{p: {{value: 1, unit: '{'per ' * 300_000}', grade: assumed}}}}\n",
        Code.BAD_UNIT,
    ),
    # Many faults.
    "unknown actors": (
        HEAD + "actors:\n" + many(20_000, "  a#: {kind: state, of: b#}"),
        Code.UNKNOWN_ACTOR,
    ),
    "wrong dates": (
        HEAD
        + "background:\n"
        + many(9_000, "  - {id: b#, happened: x, at: 2021-13-#, cites: [q]}"),
        Code.BAD_DATE,
    ),
    "many mechanisms": (
        HEAD + "uses:\n" + many(3_000, "  - {mechanism: collective-aid, as: a#}"),
        Code.FILE_TOO_LARGE,
    ),
    # Paths.
    "absolute": (table("/etc/passwd"), Code.PATH_OUTSIDE_CASE),
    "above": (table("../secret.csv"), Code.PATH_OUTSIDE_CASE),
    "above and back": (table("sub/../../secret.csv"), Code.PATH_OUTSIDE_CASE),
    "link": (table("link.csv"), Code.PATH_OUTSIDE_CASE),
    "circle": (table("circle.csv"), Code.FILE_UNREADABLE),
    "folder": (table("."), Code.FILE_UNREADABLE),
    "pipe": (table("pipe.csv"), Code.FILE_UNREADABLE),
    "no name": (table("a\\0b"), Code.FILE_UNREADABLE),
    "missing": (table("missing.csv"), Code.FILE_UNREADABLE),
    "binary table": (table("binary.csv"), Code.FILE_UNREADABLE),
    "large table": (table("large.csv"), Code.FILE_UNREADABLE),
    "wide table": (table("wide.csv"), Code.FILE_UNREADABLE),
    "empty table": (table("empty.csv"), Code.BAD_TABLE),
    "ragged table": (table("ragged.csv"), Code.BAD_TABLE),
    "nan table": (table("nan.csv"), Code.BAD_TABLE),
    "mechanism above": (HEAD + "uses: [{mechanism: ../m.yaml, as: m}]\n", Code.PATH_OUTSIDE_CASE),
    "mechanism link": (HEAD + "uses: [{mechanism: link.yaml, as: m}]\n", Code.PATH_OUTSIDE_CASE),
    "mechanism is case": (HEAD + "uses: [{mechanism: case.yaml, as: m}]\n", Code.MISSING_KEY),
}
"""By name: what the case file holds, and a code that must be among its errors."""
