"""selfmod's own pytest, which runs the tests of a project whose environment has none."""

import subprocess
import sys
from pathlib import Path

from checks.sandbox.environment import PACKAGES, find


def test_our_pytest_is_bound_whole(tmp_path: Path) -> None:
    """An interpreter that sees nothing but what is bound imports pytest (which brings a `py` of one file)."""
    base = Path(sys.base_prefix) / "bin" / "python3"
    environment = find(None, str(base), variables={})
    assert environment.paths == (PACKAGES,)
    for binding in environment.bindings:
        place = Path(binding.inside)
        if place.is_relative_to(PACKAGES):
            (tmp_path / place.name).symlink_to(binding.host)
    program = "import sys; sys.path.append(sys.argv[1]); import pytest; print(pytest.__file__)"
    line = [base, "-I", "-S", "-c", program, str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))
