"""The entry: reads the key and what is asked from standard input, runs the tests, writes the records, ends.

Started as `python -I run.py` with the work copy as the current folder. The key never stands in an argument, the
environment or a file, and standard input is empty before any project code is loaded.
"""

from __future__ import annotations

import gc
import importlib.metadata
import importlib.util
import json
import os
import sys
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
REPORT = 3
NOT_LOADED = (
    "pytest_forked", "forked", "randomly", "random_order", "sugar", "html", "xdist.looponfail", "metadata", "testmon",
    "pytest_cov",
)  # fmt: skip
"""Plugins that run tests in other processes, change their order or choice, or only what is shown."""
_exit = os._exit
frozen = gc.get_freeze_count


def load(name: str) -> Any:
    """A sibling by its path, under no name that anybody could import."""
    spec = importlib.util.spec_from_file_location("selfmod " + name, os.path.join(HERE, name + ".py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_all(descriptor: int) -> bytes:
    """Everything up to the end."""
    chunks = []
    while chunk := os.read(descriptor, 65536):
        chunks.append(chunk)
    return b"".join(chunks)


def entry_points(folders: list[str]) -> list[tuple[str, str]]:
    """(name, module) of the pytest plugins that are installed in these folders."""
    found: dict[str, str] = {}
    for distribution in importlib.metadata.distributions(path=folders):
        try:
            points = [each for each in distribution.entry_points if each.group == "pytest11"]
        except Exception:  # noqa: S112  a distribution whose metadata cannot be read has no plugin
            continue
        for point in points:
            found.setdefault(point.name, point.value.partition(":")[0].strip())
    return sorted(found.items())


def imported(points: list[tuple[str, str]], report: Any) -> list[tuple[str, Any]]:
    """The plugins that can be imported; of the others only their names are reported."""
    loaded = []
    for name, module in points:
        try:
            __import__(module)
            loaded.append((name, sys.modules[module]))
        except BaseException as error:
            report("note", f"the plugin {name} cannot be imported: {type(error).__name__}")
    return loaded


def main() -> None:
    """Runs the tests and ends the process: what the project left to be done at exit is not waited for."""
    asked = json.loads(read_all(0))
    empty = os.open(os.devnull, os.O_RDWR)
    os.dup2(empty, 0)
    os.set_inheritable(REPORT, False)
    records, evidence, lines, finder, machines = map(load, ("records", "evidence", "lines", "finder", "machinery"))
    report = records.writer(REPORT, bytes.fromhex(asked.pop("key")))
    root = os.getcwd()
    installed = [each for each in sys.path if each.endswith(("site-packages", "dist-packages"))]
    sys.path.extend(asked["packages"])
    with_pytest = None
    try:
        if "pytest" in asked["runners"]:
            with_pytest = load("with_pytest")
    except ImportError:
        pass
    if not with_pytest and "unittest" not in asked["runners"]:
        os.write(2, b"there is no pytest here, and nothing else is allowed")
        os._exit(2)
    framework = "pytest " + sys.modules["pytest"].__version__ if with_pytest else "unittest"
    report("begin", {"python": ".".join(map(str, sys.version_info[:3])), "framework": framework})
    unwanted = NOT_LOADED + tuple(asked["unwanted"])
    points = [each for each in entry_points(installed) if each[0] not in unwanted and each[1] not in unwanted]
    own = finder.names([os.path.join(root, each) for each in asked["roots"]])
    taken = finder.standard() | frozenset(finder.RUNNER)
    theirs = [each for each in points if each[1].partition(".")[0] in own]
    plugins = imported([each for each in points if each not in theirs], report) if with_pytest else []
    folders = tuple(each + os.sep for each in [*installed, *asked["packages"], os.path.dirname(os.__file__)])
    sources = load("sources").Sources(root, asked["hashes"], folders)
    rewrite: Any = sys.modules.get("_pytest.assertion.rewrite")
    if with_pytest:
        rewrite._rewrite_test = sources.recording(rewrite._rewrite_test)
    machinery = machines.Machinery(tuple(installed + asked["packages"]))
    files = {}
    for name in asked["traced"]:
        files[os.path.join(root, name)] = files[os.path.realpath(os.path.join(root, name))] = name
    watch, tracer, judge = evidence.watch(), lines.tracer(files), load("judge")
    first = finder.install([os.path.join(root, each) for each in asked["roots"]], taken)
    if with_pytest:
        rewrite.AssertionRewritingHook._find_spec = staticmethod(first_of(first))
    own_runner = sorted(set(own) & (set(load_names(with_pytest))))
    if own_runner:
        report("why", "the project defines {}, which the runner itself is made of".format(", ".join(own_runner)))
    if with_pytest:
        hooks = with_pytest.plugin(
            report,
            records.in_chunks,
            watch,
            evidence.functions_of,
            sources,
            tracer,
            machinery,
            judge,
            frozenset(asked["only"]),
        )
        # What there is now is found by no search through all objects; whoever takes that back is noticed.
        gc.freeze()
        plugins += imported(theirs, report)
        status = with_pytest.run(arguments(root, asked, points), plugins, hooks, report)
    else:
        with_unittest = load("with_unittest")
        gc.freeze()
        status = with_unittest.run(
            root,
            asked["files"],
            set(asked["only"]),
            report,
            records.in_chunks,
            watch,
            evidence.functions_of,
            sources,
            tracer,
            machinery,
        )
    tracer.start(-1)
    if not frozen():
        report("why", "the objects of the runner were searched for")
    for name, seen in tracer.lines.items():
        report("lines", {"file": name, "seen": list(seen.items()), "all": lines.executable(os.path.join(root, name))})
    report("end", status)
    flush()
    _exit(0 if status == 0 else 1)


def arguments(root: str, asked: Any, points: list[tuple[str, str]]) -> list[str]:
    """Of pytest: our own first, so that a file name that begins with a dash ends no list of options."""
    fixed = [
        "-c",
        os.path.join(HERE, "pytest.ini"),
        "--rootdir=" + root,
        "--confcutdir=" + root,
        "-p",
        "no:cacheprovider",
    ]
    fixed += ["-q", "-q", "--tb=no", "-rN", "--continue-on-collection-errors", "--import-mode=append"]
    loaded = {name for point in points for name in point}
    for name in asked["plugins"]:
        if name not in loaded:
            fixed += ["-p", name]
    for name in asked["unwanted"]:
        fixed += ["-p", "no:" + name]
    return fixed + list(asked["arguments"])


def load_names(with_pytest: Any) -> tuple[str, ...]:
    """The names that the runner at hand is made of."""
    return ("pytest", "_pytest", "pluggy", "iniconfig", "packaging") if with_pytest else ()


def first_of(finder: Any) -> Any:
    """A search that asks the project's finder before the path: for pytest's own import hook."""
    from importlib.machinery import PathFinder

    following = PathFinder.find_spec

    def find(name: str, path: Any = None, target: Any = None) -> Any:
        return finder.find_spec(name, path, target) or following(name, path, target)

    return find


def flush() -> None:
    """What was printed is written out; a stream that the project broke is left."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # noqa: S112  whatever project code put there
            continue


if __name__ == "__main__":
    main()
