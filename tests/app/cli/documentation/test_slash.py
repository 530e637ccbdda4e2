from app.cli.documentation.slash import slash_table
from app.commands.registry import COMMANDS


def test_every_command_has_its_line() -> None:
    lines = slash_table(COMMANDS).splitlines()
    assert len(lines) == 2 + len(COMMANDS)
    assert "| `/selfmod ok-to-test <sha>` | Let the tests of a fork's pull request run" in "\n".join(lines)
