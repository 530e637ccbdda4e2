"""What is told where something was asked for in a comment and failed for good."""

from app.model.job import Job
from app.views import replies
from app.workflows.steps import State, Step, Tools
from checks.reports.safe import for_markdown

GENERATION = 9
"""Newer than whatever the job said before."""


def tell(tools: Tools, job: Job, state: State) -> State:
    """Edits the reply: `bug` is the identifier of a fault of ours, empty where `why` says it in words for a person."""
    if not job.comment or state.get("superseded") or state.get("gone"):
        return {}
    bug, why = str(state.get("bug") or ""), str(state.get("why") or "")
    said = f"a fault of selfmod's own (`{bug}`); the log has the rest." if bug else for_markdown(why)
    body = replies.refusal(f"This could not be done: {said} `/selfmod` with the same words tries again.")
    tools.host.put_comment(job.number, replies.marker(job.comment), body, GENERATION)
    tools.host.react(job.comment, "confused")
    return {}


FAILED = Step("failed", tell)
