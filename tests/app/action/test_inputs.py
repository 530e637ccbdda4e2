"""Inputs of the Action: what they default to, and what is none of theirs."""

from pathlib import Path

import pytest

from app.action.inputs import Inputs
from checks.model.errors import Refusal
from checks.model.findings import Severity

HERE = Path("/workspace")


def of(**given: str) -> Inputs:
    return Inputs.of({"GITHUB_WORKSPACE": str(HERE), **given})


def test_defaults() -> None:
    assert of() == of(**{f"SELFMOD_{name}": " " for name in ("PATH", "PYTHON", "SANDBOX", "FAIL", "BRANCH")})
    assert of() == Inputs(HERE, None, None, True, True, True, "selfmod/fixes")


@pytest.mark.parametrize(
    ("name", "given", "field", "value"),
    [
        ("path", "a/b", "path", HERE / "a/b"),
        ("path", ".", "path", HERE),
        ("python", ".venv", "python", HERE / ".venv"),
        ("python", "/opt/python/bin/python", "python", Path("/opt/python/bin/python")),
        ("threshold", "HIGH", "threshold", Severity.HIGH),
        ("sandbox", "off", "sandbox", False),
        ("sandbox", "On", "sandbox", True),
        ("fail", "false", "fail", False),
        ("annotations", "false", "annotations", False),
        ("branch", "selfmod/weekly", "branch", "selfmod/weekly"),
    ],
)
def test_values(name: str, given: str, field: str, value: object) -> None:
    assert getattr(of(**{f"SELFMOD_{name.upper()}": given}), field) == value


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("path", "/etc"),
        ("path", "../other"),
        ("path", "a/../../b"),
        ("path", "a\nb"),
        ("python", "a\x1bb"),
        ("threshold", "severe"),
        ("sandbox", "true"),
        ("fail", "yes"),
        ("annotations", "1"),
        ("branch", "main"),
        ("branch", "selfmod/"),
        ("branch", "selfmod"),
        ("branch", "--delete"),
        ("branch", "selfmod/a\nb"),
        ("branch", "refs/heads/selfmod/a"),
    ],
)
def test_other_values_are_refused(name: str, given: str) -> None:
    with pytest.raises(Refusal, match=f"the input {name} is '"):
        of(**{f"SELFMOD_{name.upper()}": given})


def test_the_python_of_setup_python_gives_way_to_an_active_environment() -> None:
    assert of(pythonLocation="/opt/py").python == Path("/opt/py")
    assert of(pythonLocation="/opt/py", VIRTUAL_ENV="/env").python is None
    assert of(pythonLocation="/opt/py", SELFMOD_PYTHON="env").python == HERE / "env"
