"""Faults of selfmod's own, as the log of a job has them: an identifier on the run, the traceback in the log."""

import secrets
import traceback

from app.action.runner import error, plain, say


def broke(stage: str, identifier: str, fault: Exception) -> None:
    """Tells that a stage broke down."""
    say(error(f"stage {stage} broke down ({identifier}): a fault of selfmod's own, {type(fault).__name__}"))
    _trace(fault)


def bug(fault: Exception) -> str:
    """Tells of a fault that ended the run, or a part of it, and returns its identifier."""
    identifier = f"bug_{secrets.token_hex(6)}"
    say(error(f"this is a bug of selfmod's own ({identifier}): {type(fault).__name__}. The log has its text."))
    _trace(fault)
    return identifier


def _trace(fault: Exception) -> None:
    """A message may quote what a repository holds: no line is one that the runner obeys."""
    lines = "".join(traceback.format_exception(fault)).split("\n")
    say("\n".join(f"  {plain(line)}" for line in lines if line.strip()))
