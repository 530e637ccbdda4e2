"""`/selfmod generate <path>: <specification>`."""

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Refused, Spec, Where
from app.model.forge import Role

SPEC = Spec(
    "generate",
    "generate <path>: <specification>",
    "Open a pull request with new code from a specification (not there yet).",
    ("generate src/shop/tax.py: vat(net, rate) gives the tax, rounded to cents",),
    Role.WRITE,
)


def plan(asked: Asked, where: Where) -> Answer:
    """Refuses: what writes code from a specification is not there yet, and nothing else is done in its place."""
    return Refused(
        "What writes code from a specification is not part of this version of selfmod yet. `/selfmod fix` mends faults."
    )


COMMAND = Command(SPEC, plan)
