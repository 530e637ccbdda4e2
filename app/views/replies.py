"""What a comment with commands is answered: one comment, a paragraph for each command that has something to say."""

from collections.abc import Sequence

CONFUSED = "😕"


def marker(comment: int) -> str:
    """Finds the reply to a comment again."""
    return f"<!-- selfmod:reply:{comment} -->"


def refusal(reason: str) -> str:
    """One line, with the remedy in it."""
    return f"{CONFUSED} {reason}"


def reply(said: Sequence[str]) -> str:
    """Markdown; empty where the receipts say it all."""
    return "\n\n".join(filter(None, said))
