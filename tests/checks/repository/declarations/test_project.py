import time

import pytest

from checks.repository.declarations.project import OLDEST, Project, of
from checks.repository.declarations.pythons import KNOWN, lowest
from checks.repository.declarations.requirement import normalised
from checks.repository.declarations.setup_script import keywords
from checks.repository.snapshot import of_memory


def declared(files: dict[str, str], subfolder: str = "") -> Project:
    return of(of_memory({path: text.encode() for path, text in files.items()}), subfolder)


CASES: list[tuple[dict[str, str], tuple[int, int], set[str] | None]] = [
    ({}, OLDEST, None),
    ({"a.py": "x"}, OLDEST, None),
    (
        {
            "pyproject.toml": """
[project]
requires-python = ">=3.11,<4"
dependencies = ["Requests[socks]>=2 ; python_version>'3'", "ruamel.yaml", "zope.interface (>4)", "x @ https://h/x.whl"]
[project.optional-dependencies]
dev = ["pytest~=8"]
[dependency-groups]
lint = ["ruff", {include-group = "dev"}]
"""
        },
        (3, 11),
        {"requests", "ruamel-yaml", "zope-interface", "x", "pytest", "ruff"},
    ),
    ({"pyproject.toml": "[project]\nname='x'\n"}, OLDEST, None),
    ({"pyproject.toml": "[project]\nname='x'\ndependencies=[]\n"}, OLDEST, set()),
    (
        {
            "pyproject.toml": """
[tool.poetry.dependencies]
python = "^3.9"
Django = "^5"
[tool.poetry.dev-dependencies]
black = "*"
[tool.poetry.group.test.dependencies]
pytest = {version = "8"}
"""
        },
        (3, 9),
        {"django", "black", "pytest"},
    ),
    (
        {
            "requirements.txt": "flask==3 # web\n-r more/base.txt\n-e .\n--hash=x\n# c\ngit+https://h/x#egg=Eggy\n./local\n",
            "more/base.txt": "SQLAlchemy\n-r ../requirements.txt\n-r ../../../etc/passwd\n",
        },
        OLDEST,
        {"flask", "sqlalchemy", "eggy"},
    ),
    (
        {"requirements-dev.txt": "a\n", "requirements/test.in": "b\n", "docs/requirements.txt": "c\n"},
        OLDEST,
        {"a", "b"},
    ),
    (
        {
            "setup.cfg": "[options]\npython_requires = >=3.8\ninstall_requires =\n  six; python_version<'4'\n  attrs\n"
            "[options.extras_require]\nx = lxml>5\n"
        },
        (3, 8),
        {"six", "attrs", "lxml"},
    ),
    (
        {
            "setup.py": "import setuptools\nNEEDS = ['a>1', 'b'] + ['c']\nsetuptools.setup(python_requires='>=3.7',\n"
            " install_requires=NEEDS, extras_require={'x': ['d', other()], other: ['e']}, **more)\n"
        },
        (3, 7),
        {"a", "b", "c", "d"},
    ),
    (
        {"setup.py": "from setuptools import setup\nsetup(install_requires='one\\ntwo>1', tests_require=('three',))"},
        OLDEST,
        {"one", "two", "three"},
    ),
    ({"setup.py": "setup(install_requires=open('x').read().split())"}, OLDEST, None),
    (
        {"Pipfile": "[packages]\nflask = '*'\n[dev-packages]\npytest = '*'\n[requires]\npython_version = '3.12'\n"},
        (3, 12),
        {"flask", "pytest"},
    ),
    ({"pyproject.toml": "\ufeff[project]\r\ndependencies = ['a']\r\n"}, OLDEST, {"a"}),
]


@pytest.mark.parametrize(("files", "python", "names"), CASES)
def test_what_is_declared(files: dict[str, str], python: tuple[int, int], names: set[str] | None) -> None:
    found = declared(files)
    assert found.python == python
    assert found.distributions == (None if names is None else frozenset(names))
    assert min(found.pythons) == max(python, KNOWN[0])


def test_a_subfolder_s_own_declarations_come_first() -> None:
    files = {
        "pyproject.toml": "[project]\nrequires-python='>=3.12'\ndependencies=['root']\n",
        "libs/one/pyproject.toml": "[project]\ndependencies=['one']\n",
        "libs/two/x.py": "",
    }
    pythons = ((3, 12), (3, 13), (3, 14))
    assert declared(files, "libs/one/") == Project((3, 12), frozenset({"one"}), pythons)
    assert declared(files, "libs/two") == declared(files) == Project((3, 12), frozenset({"root"}), pythons)


HOSTILE = {
    "no TOML": ("pyproject.toml", b"[project\n"),
    "other types": ("pyproject.toml", b"project = 3\ntool = [1]\n[dependency-groups]\nx = 3\n"),
    "other types deeper": (
        "pyproject.toml",
        b"[project]\nrequires-python=3\ndependencies='x'\noptional-dependencies={a=1,b=[2,'']}\n[tool.poetry]\ngroup={a=1}\n",
    ),
    "deep arrays": ("pyproject.toml", b"x = " + b"[" * 4000 + b"\n"),
    "deep tables": ("pyproject.toml", b"x = " + b"{a=" * 1300 + b"\n"),
    "long key": ("pyproject.toml", b"a." * 2000 + b"b = 1\n"),
    "many long keys": ("pyproject.toml", b"".join(b"a%d." % n + b"a." * 1900 + b"b = 1\n" for n in range(60))),
    "no UTF-8": ("pyproject.toml", b"x = '\xff'\n"),
    "NUL": ("setup.py", b"setup(\0)\n"),
    "too large": ("requirements.txt", b"a\n" * 200_000),
    "too long a line": ("requirements.txt", b"a" * 5000),
    "blanks": ("setup.cfg", (b"[options]\na" + b" " * 4000 + b"x\n") * 60),
    "no section": ("setup.cfg", b"a = b\n"),
    "percent": ("setup.cfg", b"[options]\npython_requires = %(x)s\n"),
    "no Python": ("setup.py", b"setup(\n"),
    "deep parentheses": ("setup.py", (b"(" * 4000 + b"\n") * 20),
    "deep operators": ("setup.py", b"x = " + (b"-" * 4000 + b"\\\n") * 20 + b"1\n"),
    "deep sums": ("setup.py", b"setup(install_requires=" + b"[]+" * 1300 + b"[])\n"),
    "growing names": ("setup.py", b"a = ['x', 'y']\n" + b"a = [a, a]\n" * 50 + b"setup(install_requires=a)\n"),
    "hostile requirements": ("requirements.txt", (b"a-" * 2000 + b"!\n") * 60),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_declarations_never_raise(case: str) -> None:
    path, content = HOSTILE[case]
    began = time.process_time()
    found = of(of_memory({path: content, "Pipfile": b"[requires]\npython_version='3.11'\n"}))
    assert found.python in ((3, 11), OLDEST)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (">=3.9", (3, 9)),
        (">=3.9.1,<4", (3, 9)),
        ("~=3.10", (3, 10)),
        ("^3.8", (3, 8)),
        ("==3.11.*", (3, 11)),
        ("3.12", (3, 12)),
        (">3.8", (3, 8)),
        ("<4", None),
        ("!=3.9.*", None),
        ("", None),
        ("*", None),
        (None, None),
        (">=3", (3, 0)),
        (">=2.7,!=3.0.*,!=3.1.*", (2, 7)),
        (">=3.8 || >=3.10", (3, 8)),
        (">= 3.13", (3, 13)),
        (">=3.9,>=3.11", (3, 11)),
        ("nonsense", None),
        (">=" + "9" * 5000, (999, 0)),
    ],
)
def test_lowest(text: str | None, expected: tuple[int, int] | None) -> None:
    assert lowest(text) == expected


def test_normalised() -> None:
    assert normalised("Foo._-Bar") == "foo-bar"


def test_keywords_of_setup_scripts() -> None:
    assert keywords("x: list = ['a']\nsetup(install_requires=x, name=f'{1}', version=1)") == {
        "install_requires": ["a"],
        "name": None,
        "version": None,
    }
    assert keywords("other(a='b')") == {}
