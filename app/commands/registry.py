"""All slash commands. A new one is a file, and a line here."""

from app.commands import approve, configure, help, ok_to_test, review, stop  # noqa: A004  # the command's name
from app.commands.grammar import Asked, nearest
from app.commands.spec import Answer, Command, Refused, Where
from checks.reports.safe import for_markdown_code

_OTHERS = (
    review.COMMAND,
    review.COMMAND_RETRY,
    ok_to_test.COMMAND,
    approve.COMMAND,
    configure.COMMAND,
    stop.COMMAND,
    stop.COMMAND_RESUME,
)
COMMANDS: tuple[Command, ...] = (help.command(tuple(each.spec for each in _OTHERS)), *_OTHERS)


def planned(asked: Asked, where: Where) -> Answer:
    """What is to be answered to one command: the command's own plan, once it is known, allowed and in its place."""
    command = next((each for each in COMMANDS if each.spec.name == asked.name), None)
    if command is None and not asked.name:
        # on an issue the word alone asks what selfmod would do here; on a pull request for help
        command = configure.COMMAND if where.pull is None else COMMANDS[0]
    if command is None:
        return _unknown(asked.name)
    spec = command.spec
    if not where.role.at_least(spec.who):
        has = where.role.value if where.role.rank else "no access"
        return Refused(
            f"`/selfmod {spec.name}` needs {spec.who.value} access to this repository; "
            f"{for_markdown_code(where.actor)} has {has}."
        )
    if spec.pull and where.pull is None:
        return Refused(f"`/selfmod {spec.name}` works on a pull request, and this is an issue.")
    return command.plan(asked, where)


def _unknown(name: str) -> Refused:
    near = nearest(name, [each.spec.name for each in COMMANDS])
    meant = f"Did you mean `/selfmod {near}`? " if near else ""
    return Refused(
        f"{for_markdown_code('/selfmod ' + name[:40])}: unknown command. {meant}All commands: `/selfmod help`"
    )
