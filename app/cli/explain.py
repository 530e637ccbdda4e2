"""`selfmod explain`."""

import json
import re
import sys
from typing import Annotated

import typer

from app.cli.group import nearest
from app.cli.output import colours, put, width
from checks.debugging import suppressions
from checks.debugging.rules import RULES
from checks.debugging.tools import ruff
from checks.model.errors import Refusal

_COMMENTS = {
    suppressions.UNUSED: "A `# selfmod: ignore[rule]` where that rule finds nothing any more. Remove it.",
    suppressions.REASONLESS: "A `# selfmod: ignore[rule]` that does not say why. Write the reason behind it.",
    suppressions.MALFORMED: "A comment that is meant as a suppression and is none: `# selfmod: ignore[rule] reason`.",
}


def names(incomplete: str) -> list[str]:
    """The rules whose name begins so: what a shell completes."""
    return [name for name in (*(rule.name for rule in RULES), *_COMMENTS) if name.startswith(incomplete)]


def explain(
    rule: Annotated[
        str | None,
        typer.Argument(metavar="RULE", help="A rule's name, or a code such as B602.", autocompletion=names),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Print a rule's documentation; without a rule, all rules in a table.

    Example: selfmod explain mutable-default-argument
    """
    if rule is None:
        put(_all_as_json() if as_json else _table())
        return
    found = next((r for r in RULES if r.name == rule.lower()), None) or next(
        (r for r in RULES if rule.upper() in r.aliases), None
    )
    if found is None:
        put(_foreign(rule, as_json))
        return
    if as_json:
        put(json.dumps({**_facts(found.name), "documentation": found.documentation.strip()}, indent=2))
        return
    facts = f"{found.name} · {found.severity} · confidence {found.confidence} · fix: {found.fixes}"
    if found.cwe:
        facts += f" · CWE-{found.cwe}"
    if found.aliases:
        facts += f" · also {', '.join(found.aliases)}"
    if not colours(sys.stdout):
        put(f"# {found.summary}\n\n{facts}\n\n{found.documentation.strip()}\n")
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=min(width(sys.stdout) or 100, 110))
    console.print(Markdown(f"# {found.summary}\n\n{facts}\n\n{found.documentation.strip()}"))


def _foreign(code: str, as_json: bool) -> str:
    """What is known of a code of another tool. Raises Refusal for what is none."""
    line = _COMMENTS.get(code.lower())
    if line is None and re.fullmatch(r"[A-Z]{1,3}\d{3,4}", code.upper()):
        line = _of_a_tool(code.upper())
    if line is None:
        near = nearest(code.lower(), names(""))
        raise Refusal(f"there is no rule {code!r}.", f"Did you mean {near}?" if near else "All rules: selfmod explain")
    return json.dumps({"name": code, "documentation": line}, indent=2) if as_json else line


def _of_a_tool(code: str) -> str | None:
    from checks.debugging.tools import bandit  # late: it takes a while to load

    if bandit.knows(code):
        return f"{code} is a test of bandit: https://bandit.readthedocs.io/en/latest/plugins/index.html"
    if ruff.knows(code):
        return f"{code} is a rule of ruff: https://docs.astral.sh/ruff/rules/#{code.lower()}"
    return None


def _facts(name: str) -> dict[str, object]:
    rule = next(r for r in RULES if r.name == name)
    return {
        "name": rule.name,
        "topic": rule.topic,
        "summary": rule.summary,
        "severity": rule.severity,
        "confidence": rule.confidence,
        "cwe": rule.cwe,
        "fixes": rule.fixes,
        "aliases": list(rule.aliases),
    }


def _all_as_json() -> str:
    return json.dumps([_facts(rule.name) for rule in RULES], indent=2)


def _table() -> str:
    longest = max(len(rule.name) for rule in RULES)
    rows = []
    for topic in dict.fromkeys(rule.topic for rule in RULES):
        rows.append(topic)
        for rule in (r for r in RULES if r.topic == topic):
            rows.append(f"  {rule.name:{longest}}  {rule.severity:8}  fix {rule.fixes:9}  {rule.summary}")
    return "\n".join(rows)
