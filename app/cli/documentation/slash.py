"""The table of slash commands, for the README and the page about the App."""

from collections.abc import Iterable

from app.cli.documentation.tables import table
from app.commands.spec import Command


def slash_table(commands: Iterable[Command]) -> str:
    """One line a command: how it is typed, what it does, who may."""
    rows = ((f"`/selfmod {each.spec.usage}`", each.spec.summary, each.spec.who.value) for each in commands)
    return table(("comment", "what it does", "who"), rows)
