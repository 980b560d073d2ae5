"""Chromium, if it is here: lays out pages at several widths and says what is wrong with them."""

import json
import os
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")

FONTS = ("Liberation Sans", "Arial", "Helvetica", "Arimo", "Nimbus Sans")
"""Fonts of the same widths."""

QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--window-size=1400,900",
)  # fmt: skip

SCRIPT = Path(__file__).with_name("measure.js")


def browser() -> str | None:
    """The path of the browser, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def lacks() -> str | None:
    """What is not here of what pages are laid out with; None if all is.

    Pages ask for a font of Arial's widths. Where none is, a browser takes a wider one, in which
    some words of a figure run into each other.
    """
    if browser() is None:
        return "no browser is here: install chromium"
    if (match := shutil.which("fc-match")) is None:
        return None
    told = [subprocess.check_output([match, "--format=%{family}", one], text=True) for one in FONTS]
    if any(name in found for found in told for name in FONTS):
        return None
    return "no font of Arial's widths is here: install fonts-liberation"


def faults(
    pages: dict[str, str], widths: tuple[int, ...], folder: Path, *, is_dark: bool = False
) -> dict[str, list[str]]:
    """What is wrong with each page (name: HTML) at each width, and what the browser complained of.

    All pages are laid out in one run of the browser, each in a frame of its own, as they are: the
    script that measures them stands outside of the frames.
    """
    frames = "".join(
        f'<iframe title="{escape(name)} at {width}" style="width: {width}px; height: 900px; '
        f'border: 0" srcdoc="{escape(text)}"></iframe>'
        for name, text in pages.items()
        for width in widths
    )
    host = folder / "host.html"
    head = f'<!doctype html><meta charset="utf-8"><script>{SCRIPT.read_text()}</script>'
    host.write_text(f"{head}<body>{frames}</body>")
    dumped = _dump(host, folder / "profile", is_dark=is_dark)
    title = re.search(r"<title>(.*?)</title>", dumped.stdout, re.DOTALL)
    assert title is not None, dumped.stderr
    found: dict[str, list[str]] = json.loads(unescape(title[1]))
    complaints = [line for line in dumped.stderr.splitlines() if ":CONSOLE" in line]
    return found | {"the browser": complaints}


def _dump(page: Path, profile: Path, *, is_dark: bool) -> subprocess.CompletedProcess[str]:
    command = [browser() or NAMES[0], *QUIET, f"--user-data-dir={profile}"]
    if os.geteuid() == 0:
        command.append("--no-sandbox")  # it refuses to run as the superuser otherwise
    if is_dark:
        command.append("--blink-settings=preferredColorScheme=0")
    command += ["--dump-dom", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
