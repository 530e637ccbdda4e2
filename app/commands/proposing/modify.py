"""`/selfmod modify <path>: <instruction>`."""

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Refused, Spec, Where
from app.model.forge import Role

SPEC = Spec(
    "modify",
    "modify <path>: <instruction>",
    "Open a pull request that changes code as told (not there yet).",
    ("modify src/shop/cart.py: give total() a parameter for the currency",),
    Role.WRITE,
)


def plan(asked: Asked, where: Where) -> Answer:
    """Refuses: what changes code as told is not there yet, and nothing else is done in its place."""
    return Refused("What changes code as told is not part of this version of selfmod yet. `/selfmod fix` mends faults.")


COMMAND = Command(SPEC, plan)
