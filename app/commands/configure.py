"""`/selfmod configure`, and `/selfmod` alone."""

from dataclasses import replace

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Do, Spec, Where
from app.model.forge import Role
from app.model.job import Kind

SPEC = Spec(
    "configure",
    "configure",
    "Open a pull request with a first configuration, with what it would have asked of the last twenty pull requests.",
    ("configure",),
    Role.WRITE,
)


def plan(asked: Asked, where: Where) -> Answer:
    """Whether there is a configuration already is looked up when the job runs."""
    return Do(
        replace(where.job, kind=Kind.ONBOARD, head="", reason="asked", needs=Role.WRITE.value),
        "Reading the last twenty pull requests; the pull request with a configuration follows.",
    )


COMMAND = Command(SPEC, plan)
