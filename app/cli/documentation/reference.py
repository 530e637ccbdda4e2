"""Generated documentation: the tables of commands, rules and configuration keys, made from the code.

`python -m app.cli.documentation.reference` writes it, `--check` names what differs from the code and exits with 1.
The text between `<!-- begin generated: NAME -->` and `<!-- end generated: NAME -->` is replaced; pages are wholly ours.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption
from typer.main import get_command

from app.cli.documentation.schema import configuration_table, section_text
from app.cli.documentation.tables import table
from checks.model.errors import Refusal
from checks.model.findings import Severity

PROGRAM = "selfmod"
NOTE = "<!-- Written by `make docs` from the code: edit there. -->\n"
BLOCK = re.compile(r"(<!-- begin generated: ([\w-]+) -->\n)(.*?)(<!-- end generated: \2 -->)", re.DOTALL)
MARK = re.compile(r"<!-- (?:begin|end) generated: ([\w-]+) -->")
FIXES = {"always": "always", "sometimes": "where it is sure", "never": "no"}

CONFIGURATION = """\
Editors check it against [selfmod.schema.json](selfmod.schema.json). An unknown key is an error.

The file is read from the target branch only, never from a pull request's own head. `selfmod config validate` names
everything that is wrong with it, `selfmod config show` what is in force and where each value comes from, and
`selfmod config test` tries the rules of `policy` on the cases of `.github/selfmod-tests.yml`.
"""


class Rule(Protocol):
    """What a page about rules needs to know of one. `fixes` is a key of `FIXES`; `documentation` is Markdown."""

    @property
    def name(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def cwe(self) -> int | None: ...
    @property
    def fixes(self) -> str: ...
    @property
    def documentation(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Generated:
    """All generated text. `pages`: whole files by their path from the root; `blocks`: parts of files by their name."""

    pages: Mapping[str, str]
    blocks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Verb:
    """One command as its documentation shows it; `rows` are the names and meanings of arguments and options."""

    usage: str
    summary: str
    help: str
    rows: tuple[tuple[str, str], ...]


def _verbs(command: Any, words: tuple[str, ...]) -> Iterator[_Verb]:
    """The visible commands below a group in the order of their definition; a group is shown as its commands.

    Typer keeps the base class of its commands private, so the parameter has no narrower type.
    """
    if command.hidden:
        return
    if isinstance(command, TyperGroup):
        for name, child in command.commands.items():
            yield from _verbs(child, (*words, name))
        return
    context = command.context_class(command, info_name=" ".join(words))
    pieces = [piece for piece in command.collect_usage_pieces(context) if piece != command.options_metavar]
    records = []
    for parameter in command.params:
        if isinstance(parameter, TyperArgument | TyperOption) and (record := parameter.get_help_record(context)):
            # typer's types of arguments say nothing to a reader: `PATH <list[Path]>`
            name = re.sub(r" <[^>]*>$", "", record[0]) if isinstance(parameter, TyperArgument) else record[0]
            records.append((f"`{name}`", record[1]))
    text = (command.help or "").split("\f")[0].strip()
    yield _Verb(" ".join((*words, *pieces)), text.split("\n\n")[0], text, tuple(records))


def commands_table(app: typer.Typer) -> str:
    """The README's table of commands: usage without options, and the first sentence of the help."""
    verbs = _verbs(get_command(app), (PROGRAM,))
    return table(("command", "what it does"), ((f"`{verb.usage}`", _first_sentence(verb.summary)) for verb in verbs))


def _first_sentence(text: str) -> str:
    found = re.match(r".+?[.](?=\s+[A-Z]|$)", " ".join(text.split()))
    return found[0] if found else text


def commands_page(app: typer.Typer) -> str:
    """docs/commands.md: every visible command with its whole help, arguments and options."""
    parts = [f"{NOTE}\n# Commands\n"]
    for verb in _verbs(get_command(app), (PROGRAM,)):
        parts.append(f"\n## `{verb.usage}`\n\n{verb.help}\n")
        if verb.rows:
            parts.append(f"\n{table(('argument or option', 'meaning'), verb.rows)}")
    return "".join(parts)


def rules_table(rules: Sequence[Rule]) -> str:
    """One line a topic, for the README: how many rules there are and how many of them have a fix."""
    return table(
        ("topic", "rules", "with a fix"),
        (
            (topic, str(len(members)), str(sum(rule.fixes != "never" for rule in members)))
            for topic, members in _topics(rules)
        ),
    )


def rules_page(rules: Sequence[Rule]) -> str:
    """docs/rules.md: a table of all rules by topic, then the documentation of each."""
    parts = [f"{NOTE}\n# Rules\n\n{len(rules)} rules. `{PROGRAM} explain RULE` prints the same text.\n"]
    for topic, members in _topics(rules):
        rows = ((f"[{rule.name}](#{rule.name})", rule.summary, rule.severity, FIXES[rule.fixes]) for rule in members)
        parts.append(f"\n## {topic}\n\n{table(('rule', 'what it finds', 'severity', 'fixed'), rows)}")
    for _, members in _topics(rules):
        for rule in members:
            weakness = (
                f" · [CWE-{rule.cwe}](https://cwe.mitre.org/data/definitions/{rule.cwe}.html)" if rule.cwe else ""
            )
            parts.append(f"\n### {rule.name}\n\n{rule.severity} · fixed: {FIXES[rule.fixes]}{weakness}\n")
            parts.append(f"\n{_deeper(rule.documentation.strip(), 4)}\n")
    return "".join(parts)


def _topics(rules: Sequence[Rule]) -> list[tuple[str, list[Rule]]]:
    ordered = sorted(rules, key=lambda rule: (rule.topic, rule.name))
    return [(topic, list(members)) for topic, members in groupby(ordered, key=lambda rule: rule.topic)]


def _deeper(text: str, level: int) -> str:
    """The Markdown with its headings moved down to `level`; a `#` in a fence is a comment of the example and stays."""
    result, fenced = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        heading = None if fenced else re.match(r"#+ ", line)
        result.append(f"{'#' * level} {line[heading.end() :]}" if heading else line)
    return "\n".join(result)


def configuration_page(schema: Mapping[str, Any], examples: Mapping[str, str] | None = None) -> str:
    """docs/configuration.md from the JSON Schema of `.github/selfmod.yml`: for each key of the top what it is for, an
    example, and a table of all keys beneath it with type, default and meaning.

    `examples` are YAML by key; what is no key of the schema is a file of its own and comes last.
    """
    examples = dict(examples or {})
    text = str(schema.get("description", "")).strip()
    parts = [f"{NOTE}\n# Configuration: `.github/selfmod.yml`\n\n{text}\n\n{CONFIGURATION}"]
    rows = configuration_table(schema)
    for name, group in groupby(rows, key=lambda row: re.split(r"[.[]", row[0].strip("`"))[0]):
        keys = list(group)
        said = section_text(schema, name) if len(keys) > 1 else ""
        example = f"```yaml\n{examples.pop(name)}```" if name in examples else ""
        columns = table(("key", "type", "default", "meaning"), keys).rstrip()
        parts.append("\n\n".join(part for part in (f"\n## `{name}`", said, example, columns) if part) + "\n")
    parts += [f"\n## `{name}`\n\n```yaml\n{text}```\n" for name, text in examples.items()]
    return "".join(parts)


def generate(
    app: typer.Typer, rules: Sequence[Rule], schema: Mapping[str, Any], examples: Mapping[str, str] | None = None
) -> Generated:
    """All pages and blocks for this command, these rules, and this schema of the configuration with its examples."""
    return Generated(
        pages={
            "docs/commands.md": commands_page(app),
            "docs/rules.md": rules_page(rules),
            "docs/configuration.md": configuration_page(schema, examples),
            "docs/selfmod.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n",
        },
        blocks={"commands": commands_table(app), "rules": rules_table(rules)},
    )


def update(root: Path, generated: Generated, *, check: bool) -> list[str]:
    """Writes what differs from `generated` under `root`, or only looks with `check`; the paths that differed, in order.

    Raises Refusal where a marked block has no end, or a name that nothing generates.
    """
    wanted = dict(generated.pages)
    for path in sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")]):
        name = path.relative_to(root).as_posix()
        if name not in wanted:
            wanted[name] = _with_blocks(name, path.read_text("utf-8"), generated.blocks)
    stale = []
    for name, text in sorted(wanted.items()):
        path = root / name
        if path.is_file() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
    return stale


def _with_blocks(name: str, text: str, blocks: Mapping[str, str]) -> str:
    def fill(match: re.Match[str]) -> str:
        if match[2] not in blocks:
            raise Refusal(f"{name}: nothing generates '{match[2]}'.", f"Known: {', '.join(sorted(blocks))}")
        return f"{match[1]}{blocks[match[2]]}{match[4]}"

    if lonely := MARK.search(BLOCK.sub("", text)):
        raise Refusal(f"{name}: the generated block '{lonely[1]}' is not closed.", "Put its begin and end marks back")
    return BLOCK.sub(fill, text)


def from_the_code() -> Generated:
    """The documentation of this very program. Imported late: the command must not pay for it at its start."""
    from app.cli.documentation import server
    from app.cli.documentation.safety import levels_table, risk_page, stages_table, validation_page
    from app.cli.documentation.slash import slash_table
    from app.cli.main import program
    from app.commands.registry import COMMANDS
    from checks.debugging.rules import RULES
    from checks.risk.assess import FACTORS
    from checks.risk.weights import TABLE
    from checks.settings import examples, json_schema
    from checks.validation.patterns.table import PATTERNS
    from checks.validation.pipeline import STAGES

    made = generate(program(), RULES, json_schema(), examples())
    pages = {
        "docs/validation.md": validation_page(STAGES, PATTERNS, NOTE),
        "docs/risk.md": risk_page(FACTORS, TABLE, NOTE),
    }
    blocks = {
        "stages": stages_table(STAGES),
        "levels": levels_table(),
        "slash": slash_table(COMMANDS),
        "variables": server.variables_table(),
        "permissions": server.permissions_table(),
        "events": server.events_table(),
    }
    return Generated({**made.pages, **pages}, {**made.blocks, **blocks})


def main(
    arguments: Sequence[str] | None = None,
    root: Path = Path(__file__).parents[3],
    source: Callable[[], Generated] = from_the_code,
) -> int:
    """The exit code: 0, or 1 where `--check` found a file that differs from the code, or 2 for a refusal."""
    parser = argparse.ArgumentParser(
        prog="python -m app.cli.documentation.reference", description="Writes generated documentation."
    )
    parser.add_argument("--check", action="store_true", help="write nothing; name what is out of date and exit with 1")
    check = parser.parse_args(arguments).check
    try:
        stale = update(root, source(), check=check)
    except Refusal as refusal:
        print(f"{PROGRAM}: {refusal}", file=sys.stderr)
        return 2
    for name in stale:
        print(f"{'out of date: ' if check else 'wrote '}{name}")
    if stale and check:
        print("Run `make docs` and commit what it writes.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
