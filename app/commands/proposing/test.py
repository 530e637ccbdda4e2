"""`/selfmod test [path]`."""

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Refused, Spec, Where
from app.model.forge import Role

SPEC = Spec(
    "test",
    "test [path]",
    "Open a pull request with tests for a module (not there yet).",
    (
        "test",
        "test src/shop/cart.py",
    ),
    Role.WRITE,
)


def plan(asked: Asked, where: Where) -> Answer:
    """Refuses: what writes tests is not there yet, and nothing else is done in its place."""
    return Refused("What writes tests is not part of this version of selfmod yet. `/selfmod fix` mends faults.")


COMMAND = Command(SPEC, plan)
