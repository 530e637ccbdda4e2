"""pyproject.toml, Pipfile, setup.cfg and setup.py: what they declare.

Formats: https://packaging.python.org/en/latest/specifications/ (pyproject.toml, dependency groups),
https://python-poetry.org/docs/pyproject/, https://hatch.pypa.io/latest/config/environment/overview/,
https://setuptools.pypa.io/en/latest/userguide/declarative_config.html, https://docs.astral.sh/uv/concepts/indexes/.
"""

import configparser
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from checks.repository.declarations import requirement
from checks.repository.declarations.files import at, strings, table
from checks.repository.declarations.requirement import Requirement, Role, normalised, parsed
from checks.repository.declarations.setup_script import keywords

type Reader = Callable[[str], str | None]
"""Gives a file's text by its path, None where there is none that can be read."""
_NESTING = 20
"""Groups within groups that are followed."""


@dataclass(slots=True)
class Manifest:
    """What the files of one folder declare. `python` is the first version specifier found, `names` what the projects
    call themselves, `indexes` the files that name a private index; `declares` is whether dependencies are declared at
    all, be they none; `unsure` whether more may be than can be read, as a program declares them."""

    python: str | None = None
    classifiers: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    requirements: list[Requirement] = field(default_factory=list)
    indexes: list[str] = field(default_factory=list)
    declares: bool = False
    unsure: bool = False

    def add(self, requirements: Iterator[Requirement]) -> None:
        self.requirements.extend(requirements)
        self.declares = True

    def version(self, declared: object) -> None:
        if isinstance(declared, str) and self.python is None:
            self.python = declared

    def called(self, name: object) -> None:
        if isinstance(name, str):
            self.names.add(normalised(name))


def pyproject(path: str, read: Reader, found: Manifest) -> None:
    """Adds what a pyproject.toml declares, in the tables of the standards, poetry, uv, pdm and hatch."""
    content = table(read(path))
    project, poetry, uv = at(content, "project"), at(content, "tool", "poetry"), at(content, "tool", "uv")
    found.called(at(project, "name"))
    found.called(at(poetry, "name"))
    found.version(at(project, "requires-python"))
    found.version(at(poetry, "dependencies", "python"))
    found.classifiers.extend(strings(at(project, "classifiers")))
    found.classifiers.extend(strings(at(poetry, "classifiers")))
    lists: list[tuple[object, Role]] = [
        (at(project, "dependencies"), "run"),
        (at(project, "optional-dependencies"), "extra"),
        (at(content, "dependency-groups"), "dev"),
        (at(uv, "dev-dependencies"), "dev"),
        (at(content, "tool", "pdm", "dev-dependencies"), "dev"),
    ]
    for value, role in lists:
        if isinstance(value, list | dict):
            found.add(parsed(strings(value), role, path))
    found.requirements.extend(parsed(strings(at(content, "build-system", "requires")), "build", path))
    groups = at(poetry, "group")
    nested = [at(group, "dependencies") for group in groups.values()] if isinstance(groups, dict) else []
    sections: list[tuple[object, Role]] = [(at(poetry, "dependencies"), "run")]
    sections += [(value, "dev") for value in (at(poetry, "dev-dependencies"), *nested)]
    for section, role in sections:
        if isinstance(section, dict):
            found.add(_named(section, role, path))
    if "dependencies" in strings(at(project, "dynamic")):
        prefix = path.removesuffix("pyproject.toml")
        read_elsewhere = at(content, "tool", "setuptools", "dynamic", "dependencies") or any(
            read(prefix + name) is not None for name in ("setup.py", "setup.cfg")
        )
        found.unsure = not read_elsewhere
    _hatch(content, path, found)
    _dynamic(content, path, read, found)
    _sources(content, found)
    named = [*_tables(at(poetry, "source")), *_tables(at(uv, "index")), *_tables(at(content, "tool", "pdm", "source"))]
    addresses = [at(uv, "index-url"), at(uv, "pip", "index-url"), at(uv, "pip", "extra-index-url")]
    addresses += [at(uv, "extra-index-url"), *(each.get("url") for each in named)]
    flat = [each for one in addresses if one is not None for each in (one if isinstance(one, list) else [one])]
    if any(requirement.is_private_address(each) for each in flat):
        found.indexes.append(path)


def _tables(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def _named(section: dict[str, Any], role: Role, path: str) -> Iterator[Requirement]:
    """Dependencies that are keys of a table, as poetry and pipenv write them."""
    for name, value in section.items():
        if name.lower() != "python":
            ways = value if isinstance(value, list) else [value]
            direct = any(isinstance(way, dict) and {"path", "git", "url", "file"} & way.keys() for way in ways)
            yield Requirement(normalised(name), role, path, name, direct)


def _hatch(content: dict[str, Any], path: str, found: Manifest) -> None:
    environments = at(content, "tool", "hatch", "envs")
    for environment in environments.values() if isinstance(environments, dict) else ():
        for key in ("dependencies", "extra-dependencies"):
            found.requirements.extend(parsed(strings(at(environment, key)), "tool", path))


def _dynamic(content: dict[str, Any], path: str, read: Reader, found: Manifest) -> None:
    """Requirements files that setuptools or hatch-requirements-txt takes the dependencies from."""
    folder = path.rpartition("/")[0]
    dynamic = at(content, "tool", "setuptools", "dynamic")
    extras = at(dynamic, "optional-dependencies")
    named: list[tuple[object, Role]] = [
        (at(dynamic, "dependencies", "file"), "run"),
        (at(content, "tool", "hatch", "metadata", "hooks", "requirements_txt", "files"), "run"),
    ]
    named += [(at(extra, "file"), "extra") for extra in extras.values()] if isinstance(extras, dict) else []
    for value, role in named:
        for file in strings([value] if isinstance(value, str) else value):
            other = f"{folder}/{file}" if folder else file
            taken = requirement.of_file(other, read, found.indexes)
            found.add(Requirement(each.name, role, each.file, each.written, each.direct) for each in taken)


def _sources(content: dict[str, Any], found: Manifest) -> None:
    """Marks what uv takes from a path, a repository or a workspace."""
    sources = at(content, "tool", "uv", "sources")
    if not isinstance(sources, dict):
        return
    ways = {normalised(name): value if isinstance(value, list) else [value] for name, value in sources.items()}
    keys = {"path", "git", "url", "workspace"}
    direct = {name for name, way in ways.items() if any(isinstance(each, dict) and keys & each.keys() for each in way)}
    found.requirements[:] = [
        Requirement(each.name, each.role, each.file, each.written, each.direct or each.name in direct)
        for each in found.requirements
    ]


def pipfile(path: str, read: Reader, found: Manifest) -> None:
    """Adds what a Pipfile declares."""
    content = table(read(path))
    version = at(content, "requires", "python_version")
    found.version(f"=={version}.*" if isinstance(version, str) and re.fullmatch(r"\d+\.\d+", version) else version)
    sections: tuple[tuple[str, Role], ...] = (("packages", "run"), ("dev-packages", "dev"))
    for key, role in sections:
        section = at(content, key)
        if isinstance(section, dict):
            found.add(_named(section, role, path))
    if any(requirement.is_private_address(each.get("url", "")) for each in _tables(at(content, "source"))):
        found.indexes.append(path)


def setup_cfg(path: str, read: Reader, found: Manifest) -> None:
    """Adds what a setup.cfg declares."""
    parser = parsed_ini(read(path))
    found.called(parser.get("metadata", "name", fallback=None))
    found.version(parser.get("options", "python_requires", fallback=None))
    found.classifiers.extend(parser.get("metadata", "classifiers", fallback="").split("\n"))
    values: list[tuple[str | None, Role]] = [
        (parser.get("options", "install_requires", fallback=None), "run"),
        (parser.get("options", "tests_require", fallback=None), "dev"),
    ]
    if parser.has_section("options.extras_require"):
        values += [(value, "extra") for _, value in parser.items("options.extras_require")]
    for value, role in values:
        if value is not None:
            found.add(parsed(value.split("\n"), role, path))


def parsed_ini(text: str | None) -> configparser.RawConfigParser:
    """The sections of an INI text; none for what is no such text."""
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    try:
        # Blanks within a line are folded: configparser's pattern for options takes quadratic time for many.
        parser.read_string(re.sub(r"(?<=\S)[^\S\n]+", " ", text or ""))
    except (configparser.Error, ValueError, AttributeError):
        return configparser.RawConfigParser()
    return parser


def setup_py(path: str, read: Reader, found: Manifest) -> None:
    """Adds what the literal arguments of `setup()` declare."""
    text = read(path)
    given = keywords(text) if text is not None else {}
    found.called(given.get("name"))
    found.version(given.get("python_requires"))
    found.classifiers.extend(strings(given.get("classifiers")))
    sections: tuple[tuple[str, Role], ...] = (
        ("install_requires", "run"),
        ("extras_require", "extra"),
        ("tests_require", "dev"),
        ("setup_requires", "build"),
    )
    for key, role in sections:
        value = given.get(key)
        if key == "install_requires" and key in given:
            found.unsure = not isinstance(value, str | list) or (isinstance(value, list) and None in value)
        if isinstance(value, dict):
            value = [line for each in value.values() for line in ([each] if isinstance(each, str) else strings(each))]
        lines = [line for each in ([value] if isinstance(value, str) else strings(value)) for line in each.split("\n")]
        if key != "setup_requires" and isinstance(value, str | list | tuple):
            found.add(parsed(lines, role, path))
        else:
            found.requirements.extend(parsed(lines, role, path))
