"""What is common to all verbs, on a small program of our own with every kind of end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import group
from app.cli.group import nearest
from checks.debugging.cache import folder
from tests.commands import Ran, environment

SMALL = """
import os, signal, typer
from app.cli.group import Verbs, end_cleanly
from checks.model.errors import Refusal

app = typer.Typer(cls=Verbs, pretty_exceptions_enable=False, rich_markup_mode=None)

@app.command()
def refuse(): raise Refusal("a\\x1b[31m is wrong.", "Do b.")

@app.command()
def bug(): raise ZeroDivisionError("first\\nsecond \\udcff")

@app.command()
def interrupt(): raise KeyboardInterrupt

@app.command()
def seven(): raise typer.Exit(7)

@app.command()
def usage(): raise typer.BadParameter("no such box")

@app.command()
def stop(number: int):
    try:
        os.kill(os.getpid(), number)
        signal.pause()
    finally:
        print("tidied")

end_cleanly()
app(prog_name="small")
"""


def small(*arguments: str, **env: str) -> Ran:
    line = [sys.executable, "-c", SMALL, *arguments]
    ran = subprocess.run(line, env=environment(**env), capture_output=True, timeout=60, check=False)
    return Ran(ran.returncode, ran.stdout, ran.stderr.decode())


@pytest.mark.parametrize(
    ("verb", "code", "error"),
    [
        ("refuse", 2, "selfmod: a\\x1b[31m is wrong.  Do b.\n"),
        ("interrupt", 130, "selfmod: interrupted.\n"),
        ("seven", 7, ""),
        ("refsue", 2, "selfmod: there is no command 'refsue'.  Did you mean 'small refuse'?\n"),
        ("zzz", 2, "selfmod: there is no command 'zzz'.  Commands: refuse, bug, interrupt, seven, usage, stop.\n"),
    ],
)
def test_each_end_is_one_line(verb: str, code: int, error: str) -> None:
    assert small(verb) == Ran(code, b"", error)


def test_usage_errors_are_the_parsers_own() -> None:
    ran = small("usage")
    assert ran.code == 2 and "no such box" in ran.error and "bug" not in ran.error


def test_a_bug_is_one_line_and_its_traceback_is_kept() -> None:
    ran = small("bug")
    kept = folder()
    assert kept is not None
    place = kept / "last-error.txt"
    assert ran.code == 2 and ran.out == b""
    assert ran.error == (
        f"selfmod: this is a bug: ZeroDivisionError: first  Please report it with the text in {place}\n"
    )
    text = place.read_text()
    assert "Traceback" in text and "second \\udcff" in text


def test_a_bug_where_nothing_can_be_written(home: Path) -> None:
    (home / "cache").touch()
    ran = small("bug")
    assert ran.code == 2 and "(it could not be written)" in ran.error and ran.error.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_lets_the_work_tidy_up(number: signal.Signals) -> None:
    assert small("stop", str(int(number))) == Ran(128 + number, b"tidied\n", "")


@pytest.mark.parametrize(
    ("word", "near"), [("reviw", "review"), ("revew", "review"), ("fx", "fix"), ("zzzz", None), ("", None)]
)
def test_nearest(word: str, near: str | None) -> None:
    assert nearest(word, ["review", "fix", "explain"]) == near


def test_nobody_listens_on_standard_error() -> None:
    for script in ('"$0" -c "$1" refuse 2>&-', '"$0" -c "$1" refuse 2>/dev/full'):
        if "full" in script and not os.path.exists("/dev/full"):  # noqa: PTH110  # a device
            continue
        ran = subprocess.run(
            ["bash", "-c", script, sys.executable, SMALL],
            env=environment(),
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (2, b"")


def test_no_secret_is_said_or_kept(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    token = "ghs_" + "aB3" * 100
    group.say(f"selfmod: {token} does not work")
    assert capsys.readouterr().err == "selfmod: [redacted] does not work\n"
    place = Path(group._kept(ValueError(f"no {token}")))
    assert place.read_text().strip() == "ValueError: no [redacted]"
