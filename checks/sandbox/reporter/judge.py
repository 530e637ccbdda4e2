"""What became of one test, from the exceptions that really happened rather than from what hooks made of them."""

from __future__ import annotations

from typing import Any

Phase = dict[str, Any]
"""`when`, `derived` (from the exception), `claimed` (by pytest's own report), `logged` (what all others were told) and
`message`; outcomes are words of ours."""

_RANK = {"passed": 0, "xpassed": 0, "skipped": 1, "xfailed": 1, "failed": 2}


def kind_of(error: BaseException | None, skips: tuple[type, ...], expected: tuple[type, ...]) -> str:
    """The outcome that an exception means by itself."""
    if error is None:
        return "passed"
    if isinstance(error, expected):
        return "xfailed"
    return "skipped" if isinstance(error, skips) else "failed"


def claim(report: Any) -> str:
    """The outcome that a report of pytest states."""
    outcome = str(getattr(report, "outcome", "failed"))
    if hasattr(report, "wasxfail"):
        return {"skipped": "xfailed", "passed": "xpassed"}.get(outcome, "failed")
    return outcome if outcome in _RANK else "failed"


def settle(phase: Phase, marked: bool) -> tuple[str, bool]:
    """The outcome of one phase, and whether somebody made it better than it was. A stricter claim is taken."""
    derived, result, rewritten = phase["derived"], phase["derived"], False
    for told in (phase["claimed"], phase["logged"]):
        if told is None or told == result:
            continue
        if (marked and (derived, told) in (("failed", "xfailed"), ("passed", "xpassed"))) or (
            _RANK[told] > _RANK[result] and told == "failed"
        ):
            result = told
        elif result != "failed" or _RANK[told] < _RANK["failed"]:
            rewritten = True
    return result, rewritten


def outcome(phases: list[Phase], marked: bool) -> tuple[str, str, bool]:
    """(outcome, message, rewritten) of a test from its phases in order; the last attempt counts where it was rerun."""
    starts = [place for place, phase in enumerate(phases) if phase["when"] == "setup"]
    result, message, rewritten = "missing", "", False
    for phase in phases[starts[-1] if starts else 0 :]:
        settled, better = settle(phase, marked)
        rewritten = rewritten or better
        if phase["when"] == "call":
            if result != "failed":  # each part of a test with parts (subtests) has a phase of its own
                result, message = settled, phase["message"]
        elif settled == "failed":
            if result != "failed":
                result, message = "error", phase["message"]
        elif settled != "passed" and result in ("missing", "passed"):
            result, message = settled, phase["message"]
    return result, message, rewritten
