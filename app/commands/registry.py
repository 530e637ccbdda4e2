"""All slash commands. A new one is a file, and a line here."""

from app.commands import (
    approve,
    configure,
    explain,
    help,  # noqa: A004  # its name
    ok_to_test,
    review,
    rollback,
    status,
    stop,
)
from app.commands.grammar import Asked, nearest
from app.commands.proposing import fix, generate, modify, rebase, reject, test
from app.commands.spec import Answer, Command, Refused, Where
from checks.reports.safe import for_markdown, for_markdown_code

_OTHERS = (
    review.COMMAND,
    review.COMMAND_RETRY,
    fix.COMMAND,
    test.COMMAND,
    generate.COMMAND,
    modify.COMMAND,
    rebase.COMMAND,
    explain.COMMAND,
    ok_to_test.COMMAND,
    approve.COMMAND,
    reject.COMMAND,
    rollback.COMMAND,
    configure.COMMAND,
    status.COMMAND,
    stop.COMMAND,
    stop.COMMAND_RESUME,
)
COMMANDS: tuple[Command, ...] = (help.command(tuple(each.spec for each in _OTHERS)), *_OTHERS)


MOST_NAMED = 5
"""Maintainers that are named in a refusal."""


def lacking(asked: Asked, where: Where) -> bool:
    """Whether the command is one that needs a greater role."""
    command = _command(asked, on_issue=where.pull is None)
    return command is not None and not where.role.at_least(command.spec.who)


def planned(asked: Asked, where: Where) -> Answer:
    """What is to be answered to one command: the command's own plan, once it is known, allowed and in its place."""
    command = _command(asked, on_issue=where.pull is None)
    if command is None:
        return _unknown(asked.name)
    spec = command.spec
    if not where.role.at_least(spec.who):
        has = where.role.value if where.role.rank else "no access"
        return Refused(
            f"`/selfmod {spec.name}` needs {spec.who.value} access to this repository; "
            f"{for_markdown_code(where.actor)} has {has}.{_maintainers(where)}"
        )
    if spec.pull and where.pull is None:
        return Refused(f"`/selfmod {spec.name}` works on a pull request, and this is an issue.")
    return command.plan(asked, where)


def _command(asked: Asked, on_issue: bool) -> Command | None:
    if not asked.name:
        # on an issue the word alone asks what selfmod would do here; on a pull request for help
        return configure.COMMAND if on_issue else COMMANDS[0]
    return next((each for each in COMMANDS if each.spec.name == asked.name), None)


def _maintainers(where: Where) -> str:
    """Whom to turn to. Shown, and not notified: anybody can cause a refusal as often as they like."""
    named = ", ".join(for_markdown(f"@{each}") for each in where.maintainers[:MOST_NAMED])
    return f" Maintainers: {named}." if named else ""


def _unknown(name: str) -> Refused:
    near = nearest(name, [each.spec.name for each in COMMANDS])
    meant = f"Did you mean `/selfmod {near}`? " if near else ""
    return Refused(
        f"{for_markdown_code('/selfmod ' + name[:40])}: unknown command. {meant}All commands: `/selfmod help`"
    )
