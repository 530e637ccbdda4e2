"""What ended the work before there was a judgement, as check runs: a refusal in its words, a bug by its identifier."""

from app.model.forge import CheckRun, Conclusion
from app.views.bounded import joined, line
from app.views.gate import RERUN
from checks.reports.safe import for_markdown, for_markdown_code

NAMES = ("selfmod/gate", "selfmod/validation", "selfmod/sandbox")


def begun(name: str, head: str, key: str, details: str = "") -> CheckRun:
    """A check run whose work has begun."""
    return CheckRun(name, head, key, "validating", "The stages are being carried out.", url=details)


def superseded(name: str, head: str, key: str, newer: str) -> CheckRun:
    """Work that a newer push ended: nobody waits for this commit any more."""
    said = f"The head is {for_markdown_code(newer[:10])} now, and is validated in its place."
    return CheckRun(name, head, key, "ended by a newer push", said, conclusion=Conclusion.CANCELLED)


def closed(name: str, head: str, key: str) -> CheckRun:
    """What the closing of a pull request ended."""
    said = "The pull request is closed: nothing is waited for. Opened again, it is validated again."
    return CheckRun(name, head, key, "ended: the pull request is closed", said, conclusion=Conclusion.CANCELLED)


def gone(name: str, head: str, key: str) -> CheckRun:
    """What was begun for what is not there any more: a branch that was deleted, commits that nobody can fetch."""
    said = "The branch, its commits or the pull request are gone, so it cannot be judged. Pushed again, it is."
    return CheckRun(name, head, key, "ended: what it needs is gone", said, conclusion=Conclusion.CANCELLED)


def refused(name: str, head: str, key: str, reason: str, hint: str) -> CheckRun:
    """What a person can mend: one sentence with the place, one with the remedy."""
    return CheckRun(
        name,
        head,
        key,
        line(f"failed: {reason}"),
        joined((f"**{for_markdown(reason)}**", for_markdown(hint))),
        conclusion=Conclusion.FAILURE,
        buttons=(RERUN,),
    )


def broken(name: str, head: str, key: str, identifier: str) -> CheckRun:
    """A bug of ours: its identifier, and never more of it."""
    return CheckRun(
        name,
        head,
        key,
        line(f"failed: a fault of selfmod's own ({identifier})"),
        joined(
            (
                f"This is a fault of selfmod's own, not of the change. Its identifier is `{identifier}`; the server's "
                "log has the rest. The button *Re-run* tries again.",
            )
        ),
        conclusion=Conclusion.FAILURE,
        buttons=(RERUN,),
    )
