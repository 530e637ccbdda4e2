"""`/selfmod help`."""

from app.commands.grammar import Asked
from app.commands.spec import Answer, Command, Refused, Reply, Spec, Where
from app.model.forge import Role

SPEC = Spec("help", "help [command]", "List the commands, or explain one.", ("help", "help ok-to-test"), Role.READ)


def table(specs: tuple[Spec, ...]) -> str:
    """All commands as a table of Markdown: the same as the README has."""
    rows = [f"| `/selfmod {each.usage}` | {each.summary} | {each.who.value} |" for each in specs]
    return "\n".join(["| command | what it does | who |", "| --- | --- | --- |", *rows])


def command(specs: tuple[Spec, ...]) -> Command:
    """The command for all others, and itself."""
    everything = (SPEC, *specs)

    def plan(asked: Asked, where: Where) -> Answer:
        if not asked.words:
            return Reply(table(everything))
        found = next((each for each in everything if each.name == asked.words[0].casefold()), None)
        if found is None:
            return Refused(f"There is no such command. All commands: `{_word(SPEC)}`")
        examples = "\n".join(f"- `/selfmod {each}`" for each in found.examples)
        place = " On a pull request." if found.pull else ""
        who = f"Needs {found.who.value} access.{place}"
        return Reply(f"`/selfmod {found.usage}`: {found.summary} {who}\n\n{examples}")

    return Command(SPEC, plan)


def _word(spec: Spec) -> str:
    return f"/selfmod {spec.name}"
