"""Lines are told by the tests that ran them, in either way of observing."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from checks.sandbox.reporter import lines
from checks.sandbox.reporter.lines import Monitored, Traced

SOURCE = """\
def f(x):
    if x:
        return 1
    return 2


class A:
    y = [
        n for n in (1, 2)
    ]
"""


@pytest.fixture(params=[Monitored, Traced])
def tracer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Monitored | Traced]:
    before: Any = sys.gettrace()
    try:
        yield request.param({str(tmp_path / "m.py"): "m.py"})
    finally:
        if request.param is Monitored:
            sys.monitoring.set_events(lines.TOOL, 0)
            sys.monitoring.free_tool_id(lines.TOOL)
        else:
            threading.settrace(before)
            sys.settrace(before)


def test_lines_by_test(tracer: Monitored | Traced, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(SOURCE)
    given: dict[str, Callable[[object], int]] = {}
    code: CodeType = compile(SOURCE, str(tmp_path / "m.py"), "exec")
    exec(code, given)
    for number, value in enumerate((1, 0, 0, 1)):
        tracer.start(number)
        given["f"](value)
        given["f"](value)
    tracer.start(-1)
    given["f"](0)
    found = tracer.lines["m.py"]
    assert {line: found[line] for line in (1, 2, 3, 4)} == {1: [], 2: [0, 1, 2, 3], 3: [0, 3], 4: [1, 2]}
    assert set(lines.executable(str(tmp_path / "m.py"))) == set(found)


@pytest.mark.parametrize("content", [b"def f(:\n", b"\xff\xfe\x00", b"(" * 5000])
def test_files_that_do_not_compile_have_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m.py").write_bytes(content)
    assert lines.executable(str(tmp_path / "m.py")) == []
    assert lines.executable(str(tmp_path / "gone.py")) == []
