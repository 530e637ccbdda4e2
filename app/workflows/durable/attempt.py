"""One try of one step, and what came of it as a plain value: exceptions do not survive a restart, these do."""

import json
import logging
import secrets
from collections.abc import Callable
from typing import Any

from app.model.job import Job
from app.model.trouble import Gone, Superseded, Unavailable
from app.workflows.steps import State, Step, Tools
from checks.model.errors import Refusal

type Outcome = dict[str, Any]
"""Exactly one of these keys decides: `state` (what the step added), `later` (seconds; `why`, and `busy` where the
subject was taken), `ended` (`superseded` or `gone`), `trouble` (`why`, and `bug` with its identifier where it is
one)."""

_PASSING = ("OperationalError", "InterfaceError")
"""A database that is restarting, in the words of Python's database interface (PEP 249)."""
_LOG = logging.getLogger(__name__)


class Stopped(BaseException):
    """The process ends: the job is left as it is, for another process. No Exception, so that nothing takes it for the
    outcome of a step: neither a verb nor DBOS."""


def bug_id() -> str:
    """`bug_` and twelve hexadecimal digits, to find the traceback in the log."""
    return f"bug_{secrets.token_hex(6)}"


def passing(error: BaseException) -> bool:
    """Whether a database could not be reached, which goes better later."""
    return any(kind.__name__ in _PASSING for kind in type(error).__mro__)


def attempt(step: Step, tools: Callable[[], Tools], job: Job, state: State) -> Outcome:
    """Runs the step. Never raises but for `Stopped`."""
    try:
        added = step.run(tools(), job, dict(state))
        json.dumps(added, allow_nan=False)  # what is no JSON is a bug of this step, and found here
    except Superseded:
        return {"ended": "superseded"}
    except Unavailable as error:
        return {"later": None, "after": error.after, "why": str(error)}
    except Gone as error:
        _LOG.info("step %s: gone: %s", step.name, error)
        return {"ended": "gone"}
    except Refusal as error:
        return {"trouble": {"bug": "", "why": str(error)}}
    except Exception as error:
        if passing(error):
            return {"later": None, "after": None, "why": f"the database: {type(error).__name__}"}
        bug = bug_id()
        _LOG.exception("step %s: %s", step.name, bug)
        return {"trouble": {"bug": bug, "why": type(error).__name__}}
    return {"state": added}
