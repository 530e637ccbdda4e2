"""What GitHub answers where it does not do as asked, as the exceptions that the rest of the App knows.

Its messages may quote what strangers wrote: they are shown on one line, cut, and never interpreted but for the few
words of GitHub's own that are compared here."""

import re
import time
from collections.abc import Mapping
from typing import Any

from app.model.trouble import Doubtful, Gone, Unavailable
from checks.model.errors import Refusal
from checks.reports.safe import visible

UNTOLD = 60.0
"""Seconds to wait where GitHub limits us and does not say how long; its own advice."""
LONGEST = 3_700.0
"""Seconds that a limit can last: the primary one is reset every hour."""
_MESSAGE = 300
_LIMITED = re.compile(r"secondary rate|abuse detection|rate limit exceeded", re.IGNORECASE)


class Rejected(Refusal):
    """GitHub will not do it, and says why: `status` 400 to 499, `said` is its message as it came."""

    def __init__(self, status: int, said: str, reason: str, hint: str = "") -> None:
        super().__init__(reason, hint)
        self.status = status
        self.said = said


def limit(status: int, headers: Mapping[str, str], said: str, now: float | None = None) -> float | None:
    """Seconds to wait where the answer means that we ask too much, else None. `headers` have names in lower case.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
    if status not in (403, 429):
        return None
    asked = _number(headers.get("retry-after"))
    if asked is not None:
        return min(max(asked, 0.0), LONGEST)
    limited = bool(_LIMITED.search(said))
    if headers.get("x-ratelimit-remaining") == "0" and "secondary" not in said.casefold():
        reset = _number(headers.get("x-ratelimit-reset"))
        return UNTOLD if reset is None else min(max(reset - (time.time() if now is None else now), 1.0), LONGEST)
    return UNTOLD if limited or status == 429 or "retry-after" in headers else None


def message(data: Any) -> str:
    """What GitHub says of a failure: its message, with the messages of `errors` that 422 has."""
    if not isinstance(data, Mapping):
        return ""
    parts = [data.get("message")]
    errors = data.get("errors")
    for each in errors if isinstance(errors, list) else ():
        parts.append(each if isinstance(each, str) else each.get("message") or each.get("code") if each else None)
    return "; ".join(part for part in parts if isinstance(part, str) and part)


def raised(target: str, status: int, headers: Mapping[str, str], data: Any) -> Exception:
    """The exception for an answer that is no success. 5xx may have done the work; a message about a suspended
    installation means that it is not there for us."""
    said = message(data)
    shown = visible(said)[:_MESSAGE]
    if (wait := limit(status, headers, said)) is not None:
        return Unavailable(f"GitHub limits this App: {target} answered {status}.", wait)
    if status >= 500:
        return Doubtful(f"GitHub answered {status} to {target}.", _number(headers.get("retry-after")))
    absent = status in (404, 410, 451) or (status == 403 and "suspended" in said)
    if absent or (status == 422 and "No commit found" in said):
        return Gone(f"{target} answered {status}: {shown or 'not found'}")
    reason = f"GitHub refused {target} ({status}): {shown or 'without a reason'}"
    return Rejected(status, said, reason, _remedy(status, said, headers))


def of_graphql(errors: list[Any]) -> Exception:
    """The exception for the errors of a GraphQL answer."""
    kinds = [each.get("type") for each in errors if isinstance(each, Mapping)]
    said = "; ".join(str(each.get("message", "")) for each in errors if isinstance(each, Mapping))
    shown = visible(said)[:_MESSAGE]
    if any(kind in ("RATE_LIMIT", "RATE_LIMITED") for kind in kinds) or _LIMITED.search(said):
        return Unavailable("GitHub limits this App: GraphQL.", UNTOLD)
    if any(kind == "NOT_FOUND" for kind in kinds):
        return Gone(f"GraphQL: {shown}")
    if "Something went wrong while executing your query" in said or "timedout" in said:
        return Doubtful("GitHub failed inside a GraphQL query.")
    return Rejected(422, said, f"GitHub refused it: {shown or 'without a reason'}")


def _remedy(status: int, said: str, headers: Mapping[str, str]) -> str:
    if status == 401:
        return "Compare SELFMOD_APP_ID, the private key and the clock of this machine: selfmod doctor"
    if "Resource not accessible by integration" in said or "permissions requested are not granted" in said:
        needed = visible(headers.get("x-accepted-github-permissions", ""))[:100]
        return f"Grant the App {needed or 'what it asks for'} in its settings and accept that in the installation."
    return ""


def _number(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"\d{1,12}(?:\.\d{1,6})?", text.strip()) else None
