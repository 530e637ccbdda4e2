"""What a job lacks where GitHub refuses what its token is used for, and where that is given."""

from app.github.faults import Rejected
from app.github.tokens import PURPOSES

NOT_PERMITTED = "not permitted to create or approve pull requests"
"""GitHub's words where the setting of the repository, or of its organisation, does not let workflows do so."""
ALLOW = (
    "Allow it in the repository's Settings → Actions → General → Workflow permissions: Allow GitHub Actions to create "
    "and approve pull requests (an organisation may have to allow it first); or give the Action an App's token as the "
    "input token."
)
_NOT_ACCESSIBLE = "Resource not accessible by integration"


def remedied(error: Rejected, purpose: str) -> Rejected:
    """The same refusal with the remedy for a job, in place of the one for a server."""
    hint = remedy(error.status, error.said, purpose)
    return Rejected(error.status, error.said, error.reason, hint) if hint else error


def remedy(status: int, said: str, purpose: str) -> str:
    """A sentence, empty where none is known."""
    if NOT_PERMITTED in said:
        return ALLOW
    if status == 401:
        return "The token is not valid any more: a job's own ends with the job, an App's after an hour."
    if _NOT_ACCESSIBLE in said:
        needed = [f"{name.replace('_', '-')}: {access}" for name, access in PURPOSES.get(purpose, {}).items()]
        return f"Give the job permissions: {', '.join(needed)}. A pull request of a fork gets none that writes."
    return ""
