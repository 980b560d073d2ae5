"""`foedus explain`."""

from __future__ import annotations

import click

from foedus.cli import options
from foedus.cli.output import write, write_json
from foedus.text.codes import Code
from foedus.text.diagnostic import SettingsError
from foedus.text.pages import page
from foedus.text.suggest import closest


@click.command()
@click.argument("code", required=False)
@options.as_json
def command(code: str | None, as_json: bool) -> None:
    """Explain a fault that `foedus check` reports by its CODE; without one, list all codes."""
    if code is None:
        codes = {each.value: summary(page(each)) for each in Code}
        longest = max(map(len, codes))
        if as_json:
            write_json({"codes": [{"code": slug, "summary": codes[slug]} for slug in codes]})
        else:
            write("".join(f"{slug:<{longest}}  {codes[slug]}\n" for slug in codes))
        return
    found = find(code)
    if as_json:
        write_json({"code": found.value, "summary": summary(page(found)), "page": page(found)})
    else:
        write(page(found))


def find(text: str) -> Code:
    """The code a user names, also as it stands in a message: `error[unknown-actor]`."""
    slug = text.partition("[")[2].rstrip("]:") or text
    slugs = [code.value for code in Code]
    if slug in slugs:
        return Code(slug)
    near = closest(slug, slugs)
    cure = f"write `{near}`" if near else "`foedus explain` lists all codes"
    raise SettingsError(f"no fault is called `{slug}`: {cure}")


def summary(text: str) -> str:
    """What a page says first, in one line: the first sentence below its title."""
    words = " ".join(line for line in text.partition("\n\n")[2].partition("\n\n")[0].splitlines())
    return words.partition(". ")[0].rstrip(".")
