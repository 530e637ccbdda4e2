"""What the command imports before it knows what to do: a hook runs it at every commit."""

import subprocess
import sys

import pytest

from tests.commands import PROGRAM, environment

HEAVY = ("libcst", "bandit", "yaml", "pydantic", "rich", "stevedore")


@pytest.mark.parametrize("arguments", [None, ("--help",), ("review", "--help"), ("fix", "--help"), ("--version",)])
def test_nothing_heavy_is_imported(arguments: tuple[str, ...] | None) -> None:
    work = "import app.cli.main" if arguments is None else PROGRAM[2]
    listing = f"""
import sys
try:
    {work.replace("; ", chr(10) + "    ")}
except SystemExit:
    pass
print("LOADED", *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
    ran = subprocess.run(
        [sys.executable, "-c", listing, *(arguments or ())],
        env=environment(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    loaded = ran.stdout.decode().splitlines()[-1].split()
    assert loaded[0] == "LOADED" and "typer" in loaded
    assert [name for name in HEAVY if name in loaded] == []
