"""What of a project's own pytest settings is replayed: a list of those known to be harmless, read as data.

Where pytest looks, and in which order: https://docs.pytest.org/en/stable/reference/customize.html.
"""

import configparser
import posixpath
import shlex
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from checks.model.trees import File

SETTINGS = frozenset(
    """
    markers testpaths python_files python_classes python_functions norecursedirs filterwarnings usefixtures
    xfail_strict collect_imported_tests consider_namespace_packages doctest_optionflags doctest_encoding
    empty_parameter_set_mark enable_assertion_pass_hook junit_family log_level log_format log_date_format
    log_cli_level truncation_limit_chars truncation_limit_lines verbosity_assertions strict_parametrization_ids
    tmp_path_retention_count tmp_path_retention_policy asyncio_mode asyncio_default_fixture_loop_scope
    asyncio_default_test_loop_scope anyio_mode trio_mode DJANGO_SETTINGS_MODULE DJANGO_CONFIGURATION
    django_find_project FAIL_INVALID_TEMPLATE_VARS timeout timeout_method timeout_func_only
    mock_use_standalone_module mock_traceback_monkeypatch env qt_api qt_default_raising freezegun_ignore_list
    """.split()  # noqa: SIM905  a list of words to read
)
"""Settings that choose, mark or configure tests, and run nothing of their own."""
OPTIONS = frozenset(
    """
    --import-mode --doctest-modules --doctest-glob --doctest-ignore-import-errors --doctest-continue-on-failure
    --strict-markers --ignore --ignore-glob -m -W --pythonwarnings --asyncio-mode --anyio-mode --ds --dc
    --nomigrations --no-migrations --hypothesis-profile --benchmark-disable --benchmark-skip --timeout --pyargs
    """.split()  # noqa: SIM905  a list of words to read
)
"""Options of `addopts` that are replayed. `-m` is one: what it leaves out needs a network, hardware or hours as a rule,
and is counted as deselected."""
WITH_VALUE = frozenset(
    """
    --import-mode --doctest-glob --ignore --ignore-glob -m -W --pythonwarnings --asyncio-mode --anyio-mode --ds
    --dc --hypothesis-profile --timeout -p -k -n -r -c -o --tb --cov --maxfail --durations --color --rootdir
    --confcutdir --junitxml --junit-xml --basetemp --log-level --log-cli-level --override-ini --capture --dist
    --numprocesses --randomly-seed --cov-config --cov-report --cov-fail-under --deselect --reruns --reruns-delay
    --verbosity
    """.split()  # noqa: SIM905  a list of words to read
)
CORE = frozenset(
    """
    python main runner unittest skipping terminal capture assertion fixtures mark config reports session selfmod
    nodes monkeypatch tmpdir raises outcomes threadexception unraisableexception logging debugging subtests
    """.split()  # noqa: SIM905  a list of words to read
)
"""Parts of pytest that no project may switch off."""
SIZE_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Replayed:
    """`settings` as pairs for `-o`, `arguments` from `addopts`, `unwanted` plugins, `plugins` to be loaded by name, and
    `roots`: the folders, relative to the project, that its modules are imported from, the project itself last."""

    settings: tuple[tuple[str, str], ...] = ()
    arguments: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    roots: tuple[str, ...] = ("",)


def of(files: Iterable[File]) -> Replayed:
    """The settings that the files of a project hold. Never raises: what cannot be read sets nothing."""
    known = {file.path: file for file in files if file.mode != "120000"}
    table = _settings(known)
    settings, roots = [], _declared_roots(known)
    for name, value in table.items():
        if name in SETTINGS:
            settings.append((name, "\n".join(value) if isinstance(value, list) else str(value)))
    for each in _words(table.get("pythonpath")):
        roots.append(posixpath.normpath(each))
    if any(path.startswith("src/") for path in known) and "src/__init__.py" not in known:
        roots.append("src")
    inside = [each for each in roots if each not in (".", "") and not each.startswith(("/", "../")) and each != ".."]
    arguments, unwanted, plugins = _options(_words(table.get("addopts")))
    return Replayed(tuple(settings), tuple(arguments), tuple(unwanted), tuple(plugins), (*dict.fromkeys(inside), ""))


def _settings(known: Mapping[str, File]) -> dict[str, Any]:
    """The table of the first configuration file that pytest would take."""
    for name, section in (
        ("pytest.toml", "pytest"),
        (".pytest.toml", "pytest"),
        ("pytest.ini", "pytest"),
        (".pytest.ini", "pytest"),
        ("pyproject.toml", "tool"),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    ):
        text = _text(known.get(name))
        if text is None:
            continue
        if name == "pyproject.toml":
            pytest = _at(_toml(text), "tool", "pytest")
            found = pytest.get("ini_options", pytest) if isinstance(pytest, dict) else None
        elif name.endswith(".toml"):
            found = _at(_toml(text), section)
        else:
            found = _ini(text, section)
        if isinstance(found, dict) and found:
            return {key: _plain(value) for key, value in found.items()}
        if name in ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"):
            return {}
    return {}


def _plain(value: Any) -> Any:
    return [str(each) for each in value] if isinstance(value, list) else str(value)


def _declared_roots(known: Mapping[str, File]) -> list[str]:
    """The folders that build back ends are told to take packages from."""
    tool = _at(_toml(_text(known.get("pyproject.toml")) or ""), "tool")
    found = _at(tool, "setuptools", "packages", "find", "where")
    roots: list[Any] = list(found) if isinstance(found, list) else []
    roots.append(_at(tool, "setuptools", "package-dir", ""))
    packages = _at(tool, "poetry", "packages")
    roots += [_at(each, "from") for each in packages] if isinstance(packages, list) else []
    setup = _ini(_text(known.get("setup.cfg")) or "", "options").get("package_dir", "")
    roots += [line.partition("=")[2].strip() for line in setup.split("\n") if line.strip().startswith("=")]
    return [posixpath.normpath(each) for each in roots if isinstance(each, str) and each]


def _options(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """(arguments, plugins that are not wanted, plugins to load) of `addopts`."""
    arguments: list[str] = []
    unwanted: list[str] = []
    plugins: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, sign, value = word.partition("=") if word.startswith("--") else (word[:2], word[2:], word[2:])
        if not word.startswith("-"):
            continue
        if not sign and name in WITH_VALUE and waiting:
            value, sign = waiting.pop(0), "="
        if name == "-p":
            off = value.startswith("no:")
            plain = value.removeprefix("no:")
            if not off:
                plugins.append(plain)
            elif plain not in CORE:
                unwanted.append(plain)
        elif name in OPTIONS:
            if name in WITH_VALUE:
                arguments += [f"{name}={value}"] if name.startswith("--") else [name, value]
            elif not sign:
                arguments.append(name)
    return arguments, unwanted, plugins


def _words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(each) for each in value]
    try:
        return shlex.split(value) if isinstance(value, str) else []
    except ValueError:
        return []


def _text(file: File | None) -> str | None:
    if file is None or len(file.content) > SIZE_LIMIT:
        return None
    try:
        text = file.content.decode("utf-8-sig").replace("\r\n", "\n").replace("\0", "")
    except UnicodeDecodeError:
        return None
    # The parsers of the standard library take quadratic time for long lines and for keys of many parts.
    long = any(len(line) > 4096 or line.partition("=")[0].count(".") > 50 for line in text.split("\n"))
    return None if long else text


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError, MemoryError):
        return {}


def _ini(text: str, section: str) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names stay as they are written
    try:
        parser.read_string(text)
        return dict(parser.items(section)) if parser.has_section(section) else {}
    except (configparser.Error, ValueError, AttributeError):
        return {}


def _at(table: object, *keys: str) -> Any:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table
