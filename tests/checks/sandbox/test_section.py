"""What a repository may say about its sandbox."""

import pytest
from pathspec import GitIgnoreSpec

from checks.sandbox.port import Limits
from checks.sandbox.section import Runner, SandboxSettings
from tests.configurations import good, only

BOUNDS = [
    ("timeout", 1, 3600),
    ("memory", 64, 65_536),
    ("processes", 8, 4096),
    ("disk", 16, 65_536),
    ("output", 1, 65_536),
    ("reruns", 0, 10),
]


@pytest.mark.parametrize(("key", "least", "most"), BOUNDS)
def test_bounds(key: str, least: int, most: int) -> None:
    for value in (least, most):
        assert getattr(good(f"sandbox: {{{key}: {value}}}").sandbox, key) == value
    for value, said in ((least - 1, f"{least} at least"), (most + 1, f"{most} at most")):
        assert only(f"sandbox:\n  {key}: {value}") == f"2: sandbox.{key}: {value} is not valid: {said}."


def test_the_defaults_are_those_of_the_sandbox_itself() -> None:
    assert SandboxSettings().limits() == Limits()


def test_units() -> None:
    limits = good("sandbox: {timeout: 5, memory: 64, processes: 9, disk: 16, output: 2}").sandbox.limits()
    assert (limits.seconds, limits.memory, limits.processes) == (5.0, 64 * 1024 * 1024, 9)
    assert (limits.disk, limits.output) == (16 * 1024 * 1024, 2048)


def test_the_other_keys() -> None:
    read = good("sandbox: {paths: [tests/unit], quarantine: ['tests/a.py::test_b[x-1]'], required: true}").sandbox
    assert read.paths == ("tests/unit",)
    assert read.quarantine == ("tests/a.py::test_b[x-1]",)
    assert read.required is True


@pytest.mark.parametrize(
    ("name", "test", "excused"),
    [
        ("tests/a.py::test_b", "tests/a.py::test_b", True),
        ("tests/a.py::test_b", "tests/a.py::test_bc", False),
        ("tests/a.py::test_b[x-1]", "tests/a.py::test_b[x-1]", True),
        ("tests/a.py::test_b[x-1]", "tests/a.py::test_b1", False),
        ("tests/a.py::test_b[*]", "tests/a.py::test_b[x-1]", True),
        ("tests/a.py::*", "tests/a.py::T::test_b", True),
        ("tests/a.py::test_b[a\\b]", "tests/a.py::test_b[a\\b]", True),
        ("tests/slow/**", "tests/slow/a.py::test_b", True),
    ],
)
def test_tests_in_quarantine(name: str, test: str, excused: bool) -> None:
    patterns = good(f"sandbox: {{quarantine: ['{name}']}}").sandbox.quarantined()
    assert GitIgnoreSpec.from_lines(patterns).match_file(test) is excused


@pytest.mark.parametrize("names", [(), ("pytest",), ("unittest", "pytest")])
def test_commands(names: tuple[str, ...]) -> None:
    assert good(f"allowed_commands: [{', '.join(names)}]").allowed_commands == tuple(map(Runner, names))


@pytest.mark.parametrize(
    "name", ["curl", "CURL", "/usr/bin/wget", "pip install x", "git", "ssh -v", "uv", "npm", "docker"]
)
def test_nothing_that_uses_a_network_is_ever_allowed(name: str) -> None:
    said = only(f"allowed_commands: [pytest, '{name}']")
    assert said.startswith("1: allowed_commands.1: the sandbox has no network and never will: '")
    assert said.endswith("' cannot be allowed.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("allowed_commands: [make]", "1: allowed_commands.0: 'make' is not valid."),
        ("allowed_commands: ['']", "1: allowed_commands.0: '' is not valid."),
        ("allowed_commands: [7]", "1: allowed_commands.0: 7 is not valid."),
        ("sandbox: {required: maybe}", "1: sandbox.required: this is to be true or false."),
        ("sandbox: {paths: ['']}", "1: sandbox.paths.0: this is empty."),
        ("sandbox: {quarantine: ['*a*a*a*b']}", "1: sandbox.quarantine.0: at most 3 '*' between two '/'."),
        ("sandbox: {network: true}", "1: unknown key 'sandbox.network'."),
    ],
)
def test_what_is_not_valid(text: str, said: str) -> None:
    assert only(text) == said
