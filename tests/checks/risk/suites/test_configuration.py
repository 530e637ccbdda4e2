import pytest

from checks.risk.suites.configuration import settings, weaker

PYTEST = "[tool.pytest.ini_options]\n{}\n"


def seen(old: str, new: str, name: str = "pyproject.toml") -> list[str]:
    before, after = settings(name, old.encode()), settings(name, new.encode())
    assert before is not None
    assert after is not None
    return list(weaker(before, after))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "addopts = \"-m 'not slow'\"", "pytest addopts has -m not slow"),
        ("addopts = '-q'", "addopts = '-q --deselect tests/a.py::b'", "addopts has --deselect tests/a.py::b"),
        ("addopts = '-q'", "addopts = ['-q', '--ignore=tests/a']", "addopts has --ignore tests/a"),
        ("addopts = '-q'", "addopts = '-q -k fast'", "addopts has -k fast"),
        ("addopts = '--strict-markers'", "addopts = ''", "addopts lacks --strict-markers"),
        ("addopts = '--cov-fail-under=90'", "addopts = '--cov-fail-under=80'", "addopts lacks --cov-fail-under 90"),
        ("addopts = '--cov-fail-under=90'", "addopts = ''", "addopts lacks --cov-fail-under 90"),
        ("addopts = ''", "addopts = '-p no:cacheprovider'", "addopts switches a plugin off"),
        ("testpaths = ['tests', 'more']", "testpaths = ['tests']", "pytest.testpaths lacks more"),
        ("", "testpaths = ['tests']", "pytest.testpaths restricts to tests"),
        ("", "python_files = 'check_*.py'", "pytest.python_files restricts to check_*.py"),
        ("", "norecursedirs = ['slow']", "pytest.norecursedirs has slow too"),
        ("xfail_strict = true", "xfail_strict = false", "pytest.xfail_strict is off"),
        ("xfail_strict = true", "", "pytest.xfail_strict is off"),
        ("filterwarnings = ['error']", "filterwarnings = []", "pytest.filterwarnings lacks error"),
        ("filterwarnings = ['error']", "filterwarnings = ['error', 'ignore::X']", "pytest.filterwarnings ignores more"),
        ("timeout = 10", "timeout = 60", "pytest.timeout is 60 instead of 10"),
        ("timeout = 10", "timeout = 0", "pytest.timeout is 0 instead of 10"),
        ("timeout = 10", "", "pytest.timeout is gone instead of 10"),
    ],
)
def test_looser_settings_of_pytest(old: str, new: str, expected: str) -> None:
    expected = expected.removeprefix("pytest ")
    assert seen(PYTEST.format(old), PYTEST.format(new)) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "xfail_strict = true"),
        ("timeout = 60", "timeout = 10"),
        ("testpaths = ['a']", "testpaths = ['a', 'b']"),
        ("addopts = '--cov-fail-under=80'", "addopts = '--cov-fail-under=90'"),
        ("addopts = '-m slow'", "addopts = ''"),
        ("addopts = '-q'", "addopts = '-v'"),
        ("markers = ['a']", "markers = ['a', 'b']"),
        ("norecursedirs = ['a', 'b']", "norecursedirs = ['a']"),
        ("filterwarnings = ['error', 'ignore::X']", "filterwarnings = ['error']"),
        ("", "filterwarnings = ['error']"),
    ],
)
def test_stricter_settings_are_no_weakening(old: str, new: str) -> None:
    assert seen(PYTEST.format(old), PYTEST.format(new)) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "pyproject.toml",
            "[tool.coverage.report]\nfail_under = {}\n",
            "coverage.report.fail_under is 80 instead of 90",
        ),
        ("setup.cfg", "[coverage:report]\nfail_under = {}\n", "coverage.report.fail_under is 80 instead of 90"),
        ("tox.ini", "[coverage:report]\nfail_under = {}\n", "coverage.report.fail_under is 80 instead of 90"),
        (".coveragerc", "[report]\nfail_under = {}\n", "coverage.report.fail_under is 80 instead of 90"),
        ("pytest.ini", "[pytest]\naddopts = --maxfail={}\n", "addopts has --maxfail 80"),
        ("setup.cfg", "[tool:pytest]\naddopts = --maxfail={}\n", "addopts has --maxfail 80"),
        ("pytest.toml", "[pytest]\naddopts = ['--maxfail={}']\n", "addopts has --maxfail 80"),
    ],
)
def test_every_place_of_settings_is_read(name: str, text: str, expected: str) -> None:
    assert seen(text.format(90), text.format(80), name) == [expected]


def test_a_threshold_that_is_gone_and_more_left_out() -> None:
    old = "[tool.coverage.report]\nfail_under = 90\n[tool.coverage.run]\nbranch = true\n"
    new = "[tool.coverage.run]\nomit = ['a.py']\n"
    assert seen(old, new) == [
        "coverage.report.fail_under is gone instead of 90",
        "coverage.run.branch is off",
        "coverage.run.omit has a.py too",
    ]


@pytest.mark.parametrize(
    "content", [b"\xff", b"x" * 300_000, b"a = '" + b"x" * 5_000 + b"'", b"[tool", b"a = " + b"[" * 5_000]
)
def test_what_cannot_be_read_is_none(content: bytes) -> None:
    assert settings("pyproject.toml", content) is None


def test_a_file_that_is_not_there_sets_nothing() -> None:
    assert settings("pyproject.toml", None) == {}
