"""Generated documentation from small inputs of our own."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pytest
import typer

from app.cli.documentation import reference
from checks import settings
from checks.model.errors import Refusal
from checks.model.findings import Severity


@dataclass(frozen=True, slots=True)
class Example:
    name: str
    topic: str = "bugs"
    summary: str = "A fault."
    severity: Severity = Severity.MEDIUM
    cwe: int | None = None
    fixes: str = "never"
    documentation: str = "Words."


RULES = (
    Example("weak-hash", "security", "md5 | sha1", Severity.HIGH, 327, "sometimes"),
    Example("nan-comparison", fixes="always", documentation="## Example\n```python\n# a comment\nx == nan\n```"),
    Example("broad-except"),
)


def program() -> typer.Typer:
    app = typer.Typer()
    nested = typer.Typer(help="Boxes.")

    @app.command()
    def review(
        path: Annotated[str, typer.Argument(metavar="PATH", help="Where to look.")] = ".",
        base: Annotated[str | None, typer.Option(metavar="REV", help="Only what is new.")] = None,
        secret: Annotated[bool, typer.Option(hidden=True)] = False,
    ) -> None:
        """Find faults
        in a project.

        A second paragraph.
        """

    @app.command(hidden=True)
    def internal() -> None:
        """Nobody sees this."""

    @nested.command()
    def probe() -> None:
        """Say what this host can do."""

    app.add_typer(nested, name="sandbox")
    return app


def test_the_table_of_commands() -> None:
    assert reference.commands_table(program()) == (
        "| command | what it does |\n"
        "| --- | --- |\n"
        "| `selfmod review [PATH]` | Find faults in a project. |\n"
        "| `selfmod sandbox probe` | Say what this host can do. |\n"
    )


def test_the_page_of_commands() -> None:
    page = reference.commands_page(program())
    assert "## `selfmod review [PATH]`\n" in page
    assert "A second paragraph." in page
    assert "`--base REV` | Only what is new." in page
    assert "Where to look." in page
    assert "secret" not in page
    assert "internal" not in page


def test_a_program_of_one_command_is_shown_as_itself() -> None:
    app = typer.Typer()

    @app.command()
    def only() -> None:
        """Do it, as e.g. here. Then
        say so."""

    assert "| `selfmod` | Do it, as e.g. here. |" in reference.commands_table(app)


def test_the_table_of_rules_counts_by_topic() -> None:
    assert reference.rules_table(RULES).splitlines()[2:] == ["| bugs | 2 | 1 |", "| security | 1 | 1 |"]


def test_the_page_of_rules() -> None:
    page = reference.rules_page(RULES)
    assert page.index("## bugs") < page.index("[broad-except](#broad-except)") < page.index("## security")
    assert "| [weak-hash](#weak-hash) | md5 \\| sha1 | high | where it is sure |" in page
    assert "### weak-hash\n\nhigh · fixed: where it is sure · [CWE-327](" in page
    assert "### broad-except\n\nmedium · fixed: no\n" in page
    assert "#### Example\n```python\n# a comment\n" in page
    assert page.startswith("# Rules\n\n3 rules.", len(reference.NOTE) + 1)


SCHEMA: dict[str, Any] = {
    "description": "What it is.",
    "required": ["mode"],
    "properties": {
        "mode": {"enum": ["observe", "propose"], "description": "What selfmod may do."},
        "limits": {"$ref": "#/$defs/Limits", "default": {"seconds": 5}, "description": "How long."},
        "owner": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
        "paths": {"type": "array", "items": {"type": "string"}, "default": []},
        "teams": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Team"}},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}},
        "free": {"type": ["string", "integer"]},
        "anything": {},
        "objects": {"type": "object"},
        "bare": {"type": "array"},
        "version": {"const": 1},
        "tree": {"$ref": "#/$defs/Tree"},
    },
    "$defs": {
        "Limits": {
            "title": "Limits",
            "type": "object",
            "properties": {"seconds": {"type": "integer", "minimum": 1, "exclusiveMaximum": 60, "default": 5}},
        },
        "Team": {"title": "Team", "type": "object", "properties": {"name": {"type": "string"}}},
        "Tree": {
            "title": "Tree",
            "type": "object",
            "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
        },
    },
}


def test_the_page_of_configuration_has_a_line_a_key() -> None:
    page = reference.configuration_page(SCHEMA)
    assert "What it is." in page
    assert [line for line in page.splitlines() if line.startswith("| `")] == [
        "| `mode` | `observe` or `propose` | required | What selfmod may do. |",
        "| `limits` | section |  | How long. |",
        "| `limits.seconds` | integer, at least 1, less than 60 | `5` |  |",
        "| `owner` | string or null | `null` |  |",
        "| `paths` | list of string | `[]` |  |",
        "| `teams` | map of section |  |  |",
        "| `teams.<name>.name` | string |  |  |",
        "| `weights` | map of number |  |  |",
        "| `free` | string or integer |  |  |",
        "| `anything` | any |  |  |",
        "| `objects` | map |  |  |",
        "| `bare` | list |  |  |",
        "| `version` | `1` |  |  |",
        "| `tree` | section |  |  |",
        "| `tree.children` | list of section |  |  |",
    ]


def test_the_page_of_configuration_teaches() -> None:
    page = reference.configuration_page(SCHEMA, {"limits": "limits: {seconds: 7}\n", "other.yml": "a: 1\n"})
    assert "## `limits`\n\n```yaml\nlimits: {seconds: 7}\n```\n\n| key | type |" in page
    assert page.endswith("## `other.yml`\n\n```yaml\na: 1\n```\n")
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == [*(f"## `{name}`" for name in SCHEMA["properties"]), "## `other.yml`"]


def test_the_page_that_is_written_holds_the_examples_that_the_tests_read() -> None:
    page = reference.from_the_code().pages["docs/configuration.md"]
    for text in settings.examples().values():
        assert f"```yaml\n{text}```" in page


def generated() -> reference.Generated:
    return reference.generate(program(), RULES, SCHEMA)


README = "# It\n<!-- begin generated: commands -->\nold\n<!-- end generated: commands -->\nlast words\n"


def test_files_are_written_once_and_then_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "README.md").write_text(README)
    everything = ["README.md", *sorted(generated().pages)]
    assert reference.main(["--check"], tmp_path, generated) == 1
    assert capsys.readouterr().out.splitlines() == [f"out of date: {name}" for name in everything]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["README.md"]

    assert reference.main([], tmp_path, generated) == 0
    assert capsys.readouterr().out.splitlines() == [f"wrote {name}" for name in everything]
    text = (tmp_path / "README.md").read_text("utf-8")
    assert text == README.replace("old\n", reference.commands_table(program()))
    assert json.loads((tmp_path / "docs/selfmod.schema.json").read_text("utf-8")) == SCHEMA

    assert reference.main(["--check"], tmp_path, generated) == 0
    assert capsys.readouterr().out == ""


def test_only_what_differs_is_named(tmp_path: Path) -> None:
    reference.update(tmp_path, generated(), check=False)
    page = tmp_path / "docs/rules.md"
    page.write_text(page.read_text("utf-8") + "more")
    assert reference.update(tmp_path, generated(), check=True) == ["docs/rules.md"]
    assert page.read_text("utf-8").endswith("more")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!-- begin generated: nothing -->\n<!-- end generated: nothing -->\n", "nothing generates 'nothing'"),
        ("<!-- begin generated: commands -->\nno end\n", "'commands' is not closed"),
        ("<!-- end generated: commands -->\n", "'commands' is not closed"),
        ("<!-- begin generated: commands -->\n<!-- end generated: rules -->\n", "'commands' is not closed"),
    ],
)
def test_broken_marks_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str) -> None:
    (tmp_path / "README.md").write_text(text)
    with pytest.raises(Refusal, match=reason):
        reference.update(tmp_path, generated(), check=False)
    assert not (tmp_path / "docs").exists()
    assert reference.main([], tmp_path, generated) == 2
    assert capsys.readouterr().err.startswith("selfmod: README.md: ")
