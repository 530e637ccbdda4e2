import pytest

from checks.debugging.mending.elsewhere import dropped, named

FILES = {
    "package/random.py": b"import random\nrandom.choice([])\n",
    "package/__init__.py": b"from os import path\n",
    "tests/test_it.py": b"import package\nmonkeypatch.setattr('package.random.choice', f)\npackage.path\n",
    "tests/test_more.py": b"from package.random import (\n    choice,\n    token as t,\n)\n",
    "tests/other.py": b"from package.randomised import shuffle\nrandomly.sample\n",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("package/random.py", {"choice": "tests/test_it.py", "token": "tests/test_more.py"}),
        ("package/__init__.py", {"path": "tests/test_it.py", "random": "tests/test_it.py"}),
        ("tests/other.py", {}),
    ],
)
def test_names_that_other_files_use(path: str, expected: dict[str, str]) -> None:
    assert expected.items() <= named(FILES, [path])[path].items()
    assert "shuffle" not in named(FILES, [path])[path] and "sample" not in named(FILES, [path])[path]


def test_nothing_asked_nothing_said() -> None:
    assert named(FILES, []) == {}


@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ("import os\nimport re as r\nfrom a.b import c, d as e\n", "from a.b import c\n", ["e", "os", "r"]),
        ("import os.path\n", "import os.path\nimport secrets\n", []),
        ("if x:\n    import os\n", "x\n", []),
    ],
)
def test_imports_that_are_gone(before: str, after: str, gone: list[str]) -> None:
    assert dropped(before, after) == gone
