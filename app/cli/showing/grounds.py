"""The files that the demonstration is about: the bundled sample, or a copy of somebody's own project."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from app.cli.showing.scene import Fault
from checks.configuration.approvals import Mode
from checks.model.errors import Refusal
from checks.repository.snapshot import of_working_tree
from checks.settings import PLACE
from checks.settings import read as settings

OWNER = "acme"
MOST = 20_000
"""Files of a project that are copied."""
_BROKEN = '''\
"""What was ordered, a line each."""


def report(orders, lines=[]):
    """The lines of a report."""
    for number, total in orders.items():
        lines.append(f"{number}: {total}")
    return lines


def total(formula):
    """What a formula of the customer's comes to."""
    return eval(formula)
'''


@dataclass(frozen=True, slots=True)
class Ground:
    """A repository's name and files, and the fault that somebody brings in the first step."""

    name: str
    files: Mapping[str, str | bytes]
    fault: Fault


def sample() -> Ground:
    """The bundled project: a fault that selfmod mends by itself, and one to whose fix somebody must agree."""
    files: dict[str, str | bytes] = {PLACE: f"mode: {Mode.ENFORCE.value}\n"}
    with resources.as_file(resources.files("app.cli") / "sample") as place:
        for source in sorted(place.rglob("*.txt")):
            files[source.relative_to(place).with_suffix("").as_posix()] = source.read_text("utf-8")
    return Ground(f"{OWNER}/orders", files, fault("orders/report.py"))


def own(place: Path) -> Ground:
    """A copy of what selfmod would read of a project; its configuration in the mode `enforce`, which holds merges.
    Raises Refusal for what is no folder."""
    tree = of_working_tree(place)
    if len(tree.files) > MOST:
        raise Refusal(f"{place} has {len(tree.files)} files.", f"Show it on a project with at most {MOST}.")
    files: dict[str, str | bytes] = {entry.path: tree.read(entry.path) for entry in tree.files}
    config = place / PLACE  # outside of a git repository folders with a dot are not read
    if PLACE not in files and config.is_file() and not config.is_symlink():
        files[PLACE] = config.read_bytes()
    files[PLACE] = enforcing(files.get(PLACE))
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", place.resolve().name).strip("-.") or "project"
    return Ground(f"{OWNER}/{name}", files, fault("selfmod_demo_report.py"))


def fault(path: str) -> Fault:
    """A pull request that adds a file with a fault in it."""
    return Fault("Add a report of what was ordered", "report", {path: _BROKEN}, path)


def enforcing(content: str | bytes | None) -> str:
    """A configuration with `mode: enforce`, and the rest as it was. Raises Refusal where it cannot be read, or is not
    valid: nothing would be judged by it, and the walk would wait for that."""
    try:
        read: Any = yaml.safe_load(content) if content else {}
    except yaml.YAMLError as error:
        raise Refusal(f"{PLACE} is no YAML: {error}", "selfmod config validate says where.") from None
    if not isinstance(read, dict):
        raise Refusal(f"{PLACE} is no mapping.", "selfmod config validate says where.")
    if content:
        settings(content if isinstance(content, bytes) else content.encode())
    return yaml.safe_dump(read | {"mode": Mode.ENFORCE.value}, sort_keys=False)
