import pytest

from checks.debugging.tools import levels
from checks.debugging.tools.ruff import SELECTION
from checks.model.findings import Severity

INFO, LOW, MEDIUM, HIGH = Severity.INFO, Severity.LOW, Severity.MEDIUM, Severity.HIGH


@pytest.mark.parametrize(
    ("code", "severity", "program", "test"),
    [
        ("B602", "HIGH", HIGH, LOW),
        ("B608", "MEDIUM", MEDIUM, LOW),
        ("B113", "MEDIUM", MEDIUM, LOW),
        ("B501", "HIGH", HIGH, LOW),
        ("B110", "LOW", LOW, INFO),
        ("B104", "MEDIUM", LOW, INFO),
        ("B404", "LOW", None, None),
        ("B603", "LOW", None, None),
        ("B311", "LOW", INFO, INFO),
        ("B101", "LOW", INFO, None),
        ("B999", "UNDEFINED", LOW, INFO),
    ],
)
def test_levels_of_bandit(code: str, severity: str, program: Severity | None, test: Severity | None) -> None:
    assert levels.of_bandit(code, severity, in_test=False) == program
    assert levels.of_bandit(code, severity, in_test=True) == test


@pytest.mark.parametrize(
    ("code", "program", "test"),
    [
        ("S602", HIGH, LOW),
        ("S608", MEDIUM, LOW),
        ("S101", INFO, None),
        ("S404", None, None),
        ("S110", LOW, INFO),
        ("F821", HIGH, HIGH),
        ("F401", LOW, LOW),
        ("F632", MEDIUM, MEDIUM),
        ("B006", MEDIUM, MEDIUM),
        ("B101", LOW, LOW),
        ("B904", INFO, INFO),
        ("PLE0100", MEDIUM, MEDIUM),
        ("E722", LOW, LOW),
        ("F999", LOW, LOW),
        ("", LOW, LOW),
    ],
)
def test_levels_of_ruff(code: str, program: Severity | None, test: Severity | None) -> None:
    assert levels.of_ruff(code, in_test=False) == program
    assert levels.of_ruff(code, in_test=True) == test


def test_nothing_in_a_test_is_worse_than_in_a_program() -> None:
    for number in range(100, 800):
        for severity in ("LOW", "MEDIUM", "HIGH"):
            program = levels.of_bandit(f"B{number}", severity, in_test=False)
            test = levels.of_bandit(f"B{number}", severity, in_test=True)
            assert test is None or (program is not None and test.rank <= program.rank)


def test_every_code_with_a_level_is_one_that_is_asked_for() -> None:
    selected = tuple(SELECTION.split(","))
    for code in [*levels._RUFF, *levels._RUFF_CWE]:
        assert code.startswith(selected)


@pytest.mark.parametrize(("code", "cwe"), [("F821", 457), ("E722", 396), ("F401", None), ("S602", None)])
def test_weaknesses(code: str, cwe: int | None) -> None:
    assert levels.cwe_of_ruff(code) == cwe
