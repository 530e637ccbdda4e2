"""A session of pytest, watched by hooks that wrap all others."""

from __future__ import annotations

import os
import sys
import unittest
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
from _pytest import config as pytest_config
from _pytest import runner

if TYPE_CHECKING:
    from checks.sandbox.reporter import evidence, lines, machinery, records, sources

SKIPS: tuple[type, ...] = (pytest.skip.Exception, unittest.SkipTest)
EXPECTED: tuple[type, ...] = (pytest.xfail.Exception,)
ESSENTIAL = ("python", "main", "runner", "unittest", "skipping", "session")
_wrapper = pytest.hookimpl(hookwrapper=True, tryfirst=True)
_innermost = pytest.hookimpl(hookwrapper=True, trylast=True)


class Plugin:
    """Carries hooks, each a function that needs no `self`."""


class Canary(pytest.Item):
    """A test that must fail: whatever makes it pass would make every test pass."""

    def runtest(self) -> None:
        raise AssertionError("meant to fail")


def message_of(info: Any) -> str:
    """The first lines of why a phase failed, from pytest's exception info; never raises."""
    try:
        error = info.value
        text = getattr(error, "msg", None) if isinstance(error, SKIPS + EXPECTED) else info.exconly(tryshort=True)
        entry = info.traceback[-1]
        place = f"{os.path.relpath(str(entry.path))}:{entry.lineno + 1}: "
        if isinstance(error, SKIPS + EXPECTED):
            place = ""
        return (place + str(text or error))[:4000]
    except Exception:
        return type(getattr(info, "value", None)).__name__


def missing_of(error: BaseException | None) -> str:
    """The top-level name of the module that an import did not find, along the chain of causes."""
    for _ in range(20):
        if error is None:
            return ""
        if isinstance(error, ModuleNotFoundError) and error.name:
            return str(error.name).partition(".")[0]
        error = error.__cause__ or error.__context__
    return ""


def plugin(
    report: records.Write,
    chunks: Any,
    watch: evidence.Watch,
    functions_of: Any,
    sources: sources.Sources,
    tracer: lines.Monitored | lines.Traced,
    machinery: machinery.Machinery,
    judge: Any,
    only: frozenset[str],
) -> Plugin:
    """The hooks. `judge` is the module of that name, `only` the ids of the tests that are wanted, empty for all."""
    numbers: dict[Any, int] = {}
    bodies: dict[Any, tuple[list[Any], list[Any], str]] = {}
    done: dict[int, None] = {}
    # the item that runs, its phases, the exception that its call ended with, what was noticed meanwhile
    ours: list[Any] = [None, [], None, ""]
    count = [0, 0]  # items made, items deselected
    left = [0]  # items that were not asked for
    replaced: list[str] = []

    def pytest_configure(config: Any) -> None:
        config.addinivalue_line("markers", "forked: of a plugin that is not loaded; the test runs like any other")

    def pytest_itemcollected(item: Any) -> None:
        count[0] += 1

    def pytest_deselected(items: Any) -> None:
        count[1] += len(items)

    @_wrapper
    def pytest_collection_modifyitems(session: Any, config: Any, items: Any) -> Any:
        yield
        if only:
            wanted = [item for item in items if item.nodeid in only]
            left[0] = len(items) - len(wanted)
            items[:] = wanted

    @_wrapper
    def pytest_make_collect_report(collector: Any) -> Any:
        result = yield
        made = result.get_result()
        info = getattr(getattr(made, "call", None), "excinfo", None)
        if made.outcome == "failed" or (info is not None and not isinstance(info.value, SKIPS)):
            error: Any = info.value if info is not None else None
            text = message_of(info) if info is not None else str(made.longrepr)[:4000]
            if error is not None and isinstance(error, getattr(collector, "CollectError", ())):
                cause = getattr(error, "__cause__", None)
                text = f"{type(cause).__name__}: {cause}"[:4000] if cause else str(error)[-4000:]
            report("broken", {"id": collector.nodeid, "message": text, "missing": missing_of(error)})
        elif made.outcome == "skipped" and info is not None:
            report("skipped", {"id": collector.nodeid, "message": message_of(info)})

    @_wrapper
    def pytest_collection_finish(session: Any) -> Any:
        yield
        for item in session.items:
            if item not in numbers:
                numbers[item] = len(numbers)
                bodies[item] = body_of(item)
        gone = count[0] - count[1] - left[0] - len(numbers)
        if gone > 0 and not session.config.option.collectonly:
            report("why", f"{gone} collected tests vanished without being announced as deselected")
        removed = sources.gone()
        if removed:
            report("why", f"{removed[0]} was removed before its tests were collected")
        for chunk in chunks([item.nodeid for item in numbers]):
            report("collected", chunk)
        report("deselected", count[1])

    def body_of(item: Any) -> tuple[list[Any], list[Any], str]:
        """What must run for the item to have run, as its module has it whatever the item was given since."""
        if isinstance(item, pytest.Function):
            name = getattr(item, "originalname", None) or item.name.partition("[")[0]
            found = functions_of(getattr(getattr(item.parent, "obj", None), name, None))
            return sources.body(found or functions_of(item.obj))
        runs = functions_of(item.runtest)
        path = str(getattr(item, "path", ""))
        if path.endswith(".py") and any([sources.inside(each.__code__.co_filename) for each in runs]):
            return [each.__code__ for each in runs], [], "it is an item of the project's own making"
        return [each.__code__ for each in runs], [], ""

    @_wrapper
    def pytest_runtest_protocol(item: Any, nextitem: Any) -> Any:
        number = numbers.get(item, -1)
        ours[:] = [item, [], None, ""]
        tracer.start(number)
        watch.arm(*bodies.get(item, ([], [], ""))[:2])
        begun = perf_counter()
        yield
        seconds = perf_counter() - begun
        began, returned = watch.disarm()
        tracer.start(-1)
        if number >= 0 and ours[1]:
            finish(number, item, seconds, began, returned)
        ours[:] = [None, [], None, ""]

    def finish(number: int, item: Any, seconds: float, began: bool, returned: bool) -> None:
        marked = next(item.iter_markers(name="xfail"), None) is not None
        outcome, message, rewritten = judge.outcome(ours[1], marked)
        why = ""
        if outcome == "missing":
            return
        if rewritten:
            why = "its outcome was rewritten by a hook"
        elif outcome in ("passed", "xpassed") and bodies[item][2]:
            why = bodies[item][2]
        elif outcome in ("passed", "xpassed") and not began:
            why = "its body never started"
        elif outcome in ("passed", "xpassed") and not returned:
            why = "its body did not come to its end, yet it counts as passed"
        elif outcome in ("passed", "xpassed") and ours[3]:
            why = ours[3]
        elif name := machinery.quick():
            why = f"{name} was replaced while it ran"
            replaced.append(name)
        done[number] = None
        report("test", [number, outcome, round(seconds, 6), message, why])

    @_innermost
    def pytest_runtest_call(item: Any) -> Any:
        before = sys.gettrace()
        result = yield
        tracing = [each for each in (before, sys.gettrace()) if each is not None]
        codes = [each.__code__ for function in tracing for each in functions_of(function)]
        if any([sources.inside(each.co_filename) for each in codes]):
            ours[3] = "the project traced it, and could jump over lines of it"
        error = result.excinfo[1] if result.excinfo else None
        if error is None and getattr(item, "_excinfo", None):
            error = item._excinfo[-1].value
        ours[2] = error

    @_wrapper
    def pytest_runtest_makereport(item: Any, call: Any) -> Any:
        before = call.excinfo
        result = yield
        made = result.get_result()
        if item is not ours[0]:
            return
        after = call.excinfo
        info = after if after is not None else before
        error = info.value if info is not None else None
        if call.when == "call" and error is None:
            error = ours[2]
        phase = {"when": call.when, "derived": judge.kind_of(error, SKIPS, EXPECTED), "claimed": judge.claim(made)}
        phase["logged"], phase["message"] = None, message_of(info) if info is not None else ""
        if phase["claimed"] == "failed" and not phase["message"]:
            phase["message"] = str(getattr(made, "longrepr", ""))[:4000]
        ours[1].append(phase)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(report: Any) -> None:
        if ours[0] is None or report.nodeid != ours[0].nodeid:
            return
        told = judge.claim(report)
        for phase in reversed(ours[1]):
            if phase["when"] == report.when:
                if phase["logged"] != "failed":
                    phase["logged"] = told
                break

    @_wrapper
    def pytest_runtestloop(session: Any) -> Any:
        yield
        if numbers and not session.config.option.collectonly:
            canary(session)

    def canary(session: Any) -> None:
        """The canary goes the way of all tests; where a hook of the project cannot bear it, nothing is shown."""
        item = Canary.from_parent(session, name="selfmod")
        try:
            made = runner.runtestprotocol(item, log=False, nextitem=None)
            calls = [judge.claim(each) for each in made if each.when == "call"]
        except Exception:
            return
        if calls and calls[0] != "failed":
            report("why", f"a test that must fail was reported as {calls[0]}")

    @_wrapper
    def pytest_sessionfinish(session: Any, exitstatus: Any) -> Any:
        yield
        names = [name for name in ESSENTIAL if not session.config.pluginmanager.hasplugin(name)]
        if names and names != ["session"]:
            report("why", "parts of pytest were switched off: {}".format(", ".join(names)))
        for name in machinery.changed()[:5]:
            if name not in replaced:
                report("why", f"{name} was replaced by project code")
        if not watch.intact():
            report("why", "the observer of the tests was taken away")
        report("session", {"status": int(exitstatus), "tests": len(numbers), "ran": len(done)})

    made = Plugin()
    for name, hook in list(locals().items()):
        if name.startswith("pytest_"):
            setattr(made, name, hook)
    return made


def run(arguments: list[str], plugins: list[tuple[str, Any]], ours: Plugin, report: records.Write) -> int:
    """One session with these plugins, each under its name. What keeps it from starting is reported as broken."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    config = None
    try:
        config = pytest_config.get_config(arguments, None)
        manager = config.pluginmanager
        for name, module in plugins:
            if not manager.hasplugin(name) and not manager.is_registered(module):
                manager.register(module, name)
        manager.register(ours, "selfmod")
        config = manager.hook.pytest_cmdline_parse(pluginmanager=manager, args=arguments)
        os.environ.pop("PYTEST_DISABLE_PLUGIN_AUTOLOAD", None)
        return int(config.hook.pytest_cmdline_main(config=config) or 0)
    except pytest_config.ConftestImportFailure as failure:
        cause = getattr(failure, "cause", None) or failure.__cause__
        if cause is None:
            cause = getattr(failure, "excinfo", (None, None))[1]  # before pytest 8
        place = os.path.relpath(str(failure.path))
        text = f"{type(cause).__name__}: {cause}"
        report("broken", {"id": place, "message": text[:4000], "missing": missing_of(cause)})
        return 4
    except (pytest.UsageError, SystemExit) as error:
        report("refused", str(error)[:4000])
        return 4
    finally:
        if config is not None:
            sys.stdout.flush()
            config._ensure_unconfigure()
