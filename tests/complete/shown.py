"""`python -m tests.complete.shown`: the transcript and the pictures of docs/demo.md, from demonstrations that ran now.

The transcript is what `selfmod demo --headless` prints. The pictures are of the pages that `selfmod demo` leaves up in
a terminal: here a pseudo-terminal, ended with the Ctrl-C that it asks for."""

import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli.showing.hosting import PROGRAM
from tests.app.dashboard.browser import browsing

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "demo.md"
PICTURES = {"demo-fault.png": 1, "demo-pull.png": 4}
"""The pull request of each."""
DETAILS, MERGED, HIGH = "demo-details.png", 3, 1100
"""Where *Details* of a merged one leads to: the pull request, and how much of the page is shown, in pixels."""
WIDTH, LIMIT = 1280, 180
_DEMO = (*PROGRAM, "demo")
_PRINTED = re.compile(r"(## What it prints\n.*?\n```\n)(.*?)(```\n)", re.DOTALL)
_PAGES = re.compile(rb"(http://127\.0\.0\.1:\d+): look at the pull requests")


def transcript() -> str:
    """What the demonstration prints. Raises CalledProcessError where a step did not hold."""
    ran = subprocess.run(
        (*_DEMO, "--headless"), cwd=ROOT, capture_output=True, encoding="utf-8", timeout=LIMIT, check=True
    )
    return ran.stdout


def with_transcript(page: str, printed: str) -> str:
    """The page's text with another transcript. Raises ValueError where it has no place for one."""
    if not _PRINTED.search(page):
        raise ValueError("docs/demo.md has no block under 'What it prints'")
    return _PRINTED.sub(lambda found: found[1] + printed.strip("\n") + "\n" + found[3], page, count=1)


@contextmanager
def pages() -> Iterator[str]:
    """The address of the pages that a demonstration leaves up, until the block ends."""
    process, terminal = pty.fork()
    if not process:
        os.chdir(ROOT)
        os.execv(_DEMO[0], _DEMO)
    try:
        said = b""
        while not (found := _PAGES.search(said)):
            more = os.read(terminal, 65_536)  # raises OSError once the demonstration has ended
            said += more
        yield found[1].decode()
    finally:
        os.kill(process, signal.SIGINT)
        while _more(terminal):  # until it has said all and ended
            pass
        os.close(terminal)
        os.waitpid(process, 0)


def _more(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # how a pseudo-terminal ends
        return b""


def pictures(folder: Path) -> None:
    """Writes each picture."""
    with pages() as address, tempfile.TemporaryDirectory() as profile, browsing(Path(profile)) as browser:
        for name, number in PICTURES.items():
            browser.size(WIDTH)
            browser.open(f"{address}/acme/orders/pull/{number}")
            browser.screenshot(folder / name)
        browser.open(f"{address}/acme/orders/pull/{MERGED}")
        details = browser.all('a[href*="/details/"]')[0].get_attribute("href")
        browser.size(WIDTH, HIGH)  # the page goes on below
        browser.open(str(details))
        browser.driver.save_screenshot(str(folder / DETAILS))


def main() -> int:
    PAGE.write_text(with_transcript(PAGE.read_text("utf-8"), transcript()), "utf-8")
    pictures(PAGE.parent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
