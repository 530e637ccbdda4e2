"""How bad a finding of bandit or ruff is here: their own levels where they fit, ours where theirs drown the rest.

A finding of medium or above fails a review by default, so what is usually no fault (a random number, an
assertion) is `info`: it is in the reports and in JSON, and nobody is stopped for it.
"""

from checks.model.findings import Severity

_HINTS = frozenset({"101", "311", "403", "405", "406", "407", "408", "409", "410", "411", "412", "413", "415"})
"""Codes of bandit (and, after an S, of ruff) that point at a module or a kind of call and not at a fault."""
_ADVICE = frozenset({"105", "106", "107", "108", "110", "112", "104", "310", "404", "606", "609", "611"})

_RUFF = {
    "F821": Severity.HIGH,
    "F822": Severity.MEDIUM,
    "F823": Severity.HIGH,
    "F811": Severity.LOW,
    "F401": Severity.LOW,
    "F402": Severity.LOW,
    "F403": Severity.INFO,
    "F405": Severity.INFO,
    "F841": Severity.LOW,
    "F842": Severity.LOW,
    "F541": Severity.LOW,
    "F722": Severity.LOW,
    "B006": Severity.MEDIUM,
    "B012": Severity.MEDIUM,
    "B015": Severity.LOW,
    "B020": Severity.MEDIUM,
    "B023": Severity.MEDIUM,
    "B025": Severity.MEDIUM,
    "B030": Severity.MEDIUM,
    "B031": Severity.MEDIUM,
    "B035": Severity.MEDIUM,
    "B007": Severity.INFO,
    "B009": Severity.INFO,
    "B010": Severity.INFO,
    "B011": Severity.INFO,
    "B017": Severity.INFO,
    "B018": Severity.LOW,
    "B024": Severity.INFO,
    "B027": Severity.INFO,
    "B028": Severity.INFO,
    "B904": Severity.INFO,
    "B905": Severity.INFO,
    "B008": Severity.LOW,
    "E722": Severity.LOW,
    "S102": Severity.MEDIUM,
    "S113": Severity.MEDIUM,
    "S324": Severity.MEDIUM,
    "S501": Severity.HIGH,
    "S506": Severity.MEDIUM,
    "S507": Severity.HIGH,
    "S602": Severity.HIGH,
    "S605": Severity.HIGH,
    "S604": Severity.MEDIUM,
    "S608": Severity.MEDIUM,
    "S701": Severity.HIGH,
}
_RUFF_CWE = {
    "F821": 457,
    "F823": 457,
    "F841": 563,
    "F811": 561,
    "F632": 595,
    "B006": 665,
    "B012": 705,
    "B015": 571,
    "E722": 396,
}


_USES = frozenset({"404", "603", "607"})
"""Codes that say that `subprocess` is used, on every use: nobody can do anything about them, and a call without a shell
(what the fix of `shell=True` makes) must not be worse than one with it."""


def of_bandit(code: str, severity: str, in_test: bool) -> Severity | None:
    """Our level of a bandit issue; None where it says nothing at all (an assertion in a test)."""
    number = code.removeprefix("B")
    if number in _USES or (number == "101" and in_test):
        return None
    if number in _HINTS:
        return Severity.INFO
    level = {"HIGH": Severity.HIGH, "MEDIUM": Severity.MEDIUM}.get(severity, Severity.LOW)
    if number in _ADVICE:
        level = Severity.LOW
    return _in_test(level) if in_test else level


def of_ruff(code: str, in_test: bool) -> Severity | None:
    """Our level of a ruff diagnostic; None where it says nothing at all."""
    number = code.removeprefix("S")
    security = number != code
    if security and (number in _USES or (number == "101" and in_test)):
        return None
    if security and number in _HINTS:
        return Severity.INFO
    default = Severity.MEDIUM if code.startswith(("F5", "F6", "F7", "PLE")) else Severity.LOW
    level = _RUFF.get(code, default)
    return _in_test(level) if security and in_test else level


def cwe_of_ruff(code: str) -> int | None:
    """The weakness that a ruff code stands for, where there is one beyond doubt."""
    return _RUFF_CWE.get(code)


def _in_test(level: Severity) -> Severity:
    """What would be a hole in a program is seldom one in its tests."""
    return Severity.LOW if level.rank > Severity.LOW.rank else Severity.INFO
