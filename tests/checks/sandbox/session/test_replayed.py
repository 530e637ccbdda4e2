"""Of a project's settings only those known to be harmless are replayed."""

import pytest

from checks.model.trees import File
from checks.sandbox.session import replayed
from checks.sandbox.session.replayed import Replayed
from tests.sandboxes import tree

TOML = '[tool.pytest.ini_options]\nmarkers = ["slow: so", "fast"]\nxfail_strict = true\ncache_dir = "/x"\n'
OPTIONS = [
    ("-ra -q --cov=x --cov-report xml -n auto", (), (), ()),
    ("--import-mode=importlib --doctest-modules", ("--import-mode=importlib", "--doctest-modules"), (), ()),
    ("--import-mode importlib", ("--import-mode=importlib",), (), ()),
    ("-m 'not slow' -k good", ("-m", "not slow"), (), ()),
    ("-mslow -W error", ("-m", "slow", "-W", "error"), (), ()),
    ("-p no:warnings -p no:runner -pno:python -p pytester", (), ("warnings",), ("pytester",)),
    ("--collect-only --co --deselect a::b -x --pdb tests other -c f -o a=b --rootdir=/", (), (), ()),
    ("--doctest-modules=yes 'unended", (), (), ()),
    ("--ignore=a --ignore-glob 'b*'", ("--ignore=a", "--ignore-glob=b*"), (), ()),
]


@pytest.mark.parametrize(("words", "arguments", "unwanted", "plugins"), OPTIONS)
def test_options(words: str, arguments: tuple[str, ...], unwanted: tuple[str, ...], plugins: tuple[str, ...]) -> None:
    found = replayed.of(tree(**{"tox.ini": f"[pytest]\naddopts = {words}\n"}))
    assert (found.arguments, found.unwanted, found.plugins) == (arguments, unwanted, plugins)


SETTINGS = (("markers", "slow: so\nfast"), ("xfail_strict", "True"))


@pytest.mark.parametrize(
    ("files", "settings"),
    [
        ({}, ()),
        ({"pyproject.toml": TOML}, SETTINGS),
        ({"pyproject.toml": TOML, "pytest.ini": "[pytest]\n"}, ()),
        ({"pyproject.toml": TOML, "pytest.ini": "[other]\nmarkers = a\n"}, ()),
        (
            {"pyproject.toml": "[tool.black]\n", "setup.cfg": "[tool:pytest]\ntestpaths = a b\n"},
            (("testpaths", "a b"),),
        ),
        ({"tox.ini": "[pytest]\nmarkers =\n  a: b\n  c\n"}, (("markers", "\na: b\nc"),)),
        ({"pyproject.toml": "]" * 1000}, ()),
        ({"setup.cfg": "x" * 1_000_000}, ()),
        ({"pytest.toml": '[pytest]\npython_files = ["check_*.py"]\n'}, (("python_files", "check_*.py"),)),
        ({"sub/pytest.ini": "[pytest]\nmarkers = a\n"}, ()),
    ],
)
def test_settings(files: dict[str, str], settings: tuple[tuple[str, str], ...]) -> None:
    assert replayed.of(tree(**files)).settings == settings


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        ({}, ("",)),
        ({"src/a/__init__.py": ""}, ("src", "")),
        ({"src/__init__.py": ""}, ("",)),
        ({"pytest.ini": "[pytest]\npythonpath = . lib ../out /etc lib/\n"}, ("lib", "")),
        ({"pyproject.toml": '[tool.setuptools.package-dir]\n"" = "code"\n'}, ("code", "")),
        ({"pyproject.toml": '[tool.poetry]\npackages = [{include = "a", from = "py"}]\n'}, ("py", "")),
        ({"setup.cfg": "[options]\npackage_dir =\n  = s\n"}, ("s", "")),
        ({"pyproject.toml": "[tool.setuptools.packages.find]\nwhere = [1, '..', 'x']\n"}, ("x", "")),
    ],
)
def test_roots(files: dict[str, str], roots: tuple[str, ...]) -> None:
    assert replayed.of(tree(**files)).roots == roots


def test_links_and_undecodable_files_set_nothing() -> None:
    files = (File("pytest.ini", b"/etc/passwd", "120000"), File("tox.ini", b"[pytest]\nmarkers = \xff\n"))
    assert replayed.of(files) == Replayed()
