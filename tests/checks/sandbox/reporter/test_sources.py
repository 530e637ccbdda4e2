"""The code of a test is that which its own file was compiled to."""

import hashlib
import importlib.util
import json
import os
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from checks.sandbox.reporter.sources import Sources

TEXT = "def test_a():\n    return 1\ndef test_b():\n    return 2\nmade = {}\nexec('def test_c(): pass', made)\n"


@pytest.fixture
def restored() -> Iterator[None]:
    """Gives the import system its own function back."""
    before = vars(SourceFileLoader).get("get_code")
    yield
    if before is None:
        del SourceFileLoader.get_code
    else:
        setattr(SourceFileLoader, "get_code", before)  # noqa: B010  mypy holds methods for constant


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.usefixtures("restored")
def test_bodies(tmp_path: Path) -> None:
    for name in ("test_x.py", "other.py"):
        (tmp_path / name).write_text(TEXT)
    code = hashlib.sha256(TEXT.encode()).hexdigest()
    dumps: Any = json.dumps
    library = str(Path(json.__file__).parent) + os.sep
    sources = Sources(str(tmp_path), {"test_x.py": code, "other.py": "0" * 64, "test_gone.py": code}, (library,))
    first, second = loaded(tmp_path / "test_x.py"), loaded(tmp_path / "other.py")
    inner = first.test_a.__code__
    assert sources.body([first.test_a]) == ([inner], [], "")
    assert sources.body([dumps, first.test_a]) == ([inner], [dumps.__code__], "")
    assert sources.body([second.test_a, first.test_a]) == ([inner], [], "")
    assert sources.body([dumps]) == ([dumps.__code__], [], "")
    assert "rewritten before" in sources.body([second.test_a])[2]
    assert "not what its file" in sources.body([first.made["test_c"]])[2]
    assert sources.body([])[2] == "it is no function of Python"
    first.test_a.__code__ = second.test_a.__code__
    assert "not what its file" in sources.body([first.test_a])[2]
    assert sources.gone() == ["test_gone.py"]
