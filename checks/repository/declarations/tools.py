"""Dependencies of environments that tools make: tox, nox, conda, and scripts with metadata of their own.

Formats: https://tox.wiki/en/latest/config.html, https://nox.thea.codes/en/stable/config.html,
https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html, and for scripts
https://packaging.python.org/en/latest/specifications/inline-script-metadata/.
"""

import ast
import posixpath
import re
import warnings
from collections.abc import Iterator

import yaml

from checks.repository.declarations import requirement
from checks.repository.declarations.files import at, strings, table
from checks.repository.declarations.manifests import Reader, parsed_ini
from checks.repository.declarations.requirement import Requirement, parsed

_SCRIPT = re.compile(r"^# /// script[ \t]*\n((?:#(?:| [^\n]*)\n)*)# ///[ \t]*$", re.MULTILINE)
_CONDA = re.compile(r"(conda[-_.])?env(ironment)?([-_.][\w.-]+)?\.ya?ml|conda\.ya?ml")
_DEPENDENCIES = 5_000
"""Entries of one environment that are taken."""


def is_conda(path: str) -> bool:
    """Whether a file's name is that of an environment of conda."""
    return _CONDA.fullmatch(posixpath.basename(path)) is not None


def tox(path: str, read: Reader, indexes: list[str]) -> Iterator[Requirement]:
    """What the environments of a tox.ini install, or of a setup.cfg that holds them."""
    parser = parsed_ini(read(path))
    for section in parser.sections():
        # environments refer to other sections: `{[test-requirements]deps}`
        if parser.has_option(section, "deps"):
            yield from _tox_lines(path, parser.get(section, "deps", fallback=""), read, indexes)


def _tox_lines(path: str, deps: str, read: Reader, indexes: list[str]) -> Iterator[Requirement]:
    for line in deps.split("\n"):
        stripped = re.sub(r"^[\w{},.!-]+:\s+", "", line.strip())  # `py38: mock` is for one environment
        include = re.match(r"-[rc]\s*(\S+)", stripped)
        if include:
            file = include[1].replace("{toxinidir}/", "").replace("{tox_root}/", "")
            other = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            yield from requirement.of_file(other, read, indexes)
        else:
            yield from parsed([stripped], "tool", path)


def nox(path: str, text: str | None) -> Iterator[Requirement]:
    """What the sessions of a noxfile.py install, where it is written as constants. Never raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text or "")
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "install":
                constants = [each.value for each in node.args if isinstance(each, ast.Constant)]
                lines = [each for each in constants if isinstance(each, str) and re.match(r"[A-Za-z0-9]", each)]
                yield from parsed(lines, "tool", path)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def script(path: str, text: str | None) -> Iterator[Requirement]:
    """What a script's own metadata block asks for."""
    block = _SCRIPT.search(text or "")
    if block:
        content = table("".join(line[2:] + "\n" for line in block[1].split("\n")))
        yield from parsed(strings(at(content, "dependencies")), "run", path)


def conda(path: str, text: str | None) -> Iterator[Requirement]:
    """What an environment of conda lists, and under `pip:` what comes from the registry. Read from the events of the
    parser: aliases are never followed. Never raises."""
    depth, place, under = 0, 0, ""
    taken = 0
    try:
        for event in yaml.parse(text or "", Loader=yaml.SafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth == 2 and under == "dependencies":
                    place = 2
                if depth > 20:
                    return
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                if depth < place:
                    place = 0
            elif isinstance(event, yaml.ScalarEvent):
                if depth == 1:
                    under = event.value
                elif place and taken < _DEPENDENCIES:
                    taken += 1
                    pip = depth == 4
                    name = event.value if pip else event.value.rpartition("::")[2]
                    yield from parsed([name], "run" if pip else "conda", path)
    except (yaml.YAMLError, ValueError, RecursionError, MemoryError):
        return
