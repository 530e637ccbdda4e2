"""`/selfmod status`."""

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Look, Spec, Where
from app.model.forge import Role
from app.workflows.reviewing.standing import of_pull, of_repository
from app.workflows.steps import Tools

SPEC = Spec(
    "status",
    "status",
    "Say what stands: on a pull request its head, level, gate, approvals and stops, on an issue the open proposals, "
    "the mode and what was judged last.",
    ("status",),
    Role.READ,
)


def plan(asked: Asked, where: Where) -> Answer:
    """Read where replies are made: it takes no job."""
    return Look(_read)


def _read(tools: Tools, where: Where) -> str:
    return of_repository(tools) if where.pull is None else of_pull(tools, where.pull)


COMMAND = Command(SPEC, plan)
