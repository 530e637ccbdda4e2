"""Forged outcomes: pytest's own hooks and internals, used by conftest.py or by the module under test."""

from tests.hostile.project import Hostile, Verdict, forger

_REPORT = """
import pytest


@pytest.hookimpl(hookwrapper=True{first})
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome = "passed"
    report.longrepr = None
"""


def _conftest(name: str, tries: str, text: str, expects: Verdict = Verdict.FAILS) -> Hostile:
    return forger(name, tries, {"conftest.py": text}, expects=expects)


HOOKS: tuple[Hostile, ...] = (
    _conftest("report-rewritten", "Rewrites every report as passed.", _REPORT.format(first="")),
    _conftest("report-rewritten-first", "Rewrites every report, outermost.", _REPORT.format(first=", tryfirst=True")),
    _conftest("report-rewritten-last", "Rewrites every report, innermost.", _REPORT.format(first=", trylast=True")),
    _conftest(
        "report-replaced",
        "Returns a report of its own instead of pytest's.",
        """
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_makereport(item, call):
            call.excinfo = None
            return pytest.TestReport.from_item_and_call(item, call)
        """,
    ),
    _conftest(
        "logged-report-changed",
        "Changes reports as they are logged.",
        """
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logreport(report):
            report.outcome, report.longrepr = "passed", None
        """,
    ),
    _conftest(
        "function-not-called",
        "Says that a test function was called, and calls none.",
        "import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_pyfunc_call(pyfuncitem):\n    return True\n",
    ),
    _conftest(
        "item-runs-nothing",
        "Replaces the method that runs an item by one that does nothing.",
        "import pytest\n\npytest.Function.runtest = lambda self: None\n",
    ),
    forger(
        "item-runs-nothing-from-tested-code",
        "Replaces pytest's method from the module under test, when its function is called.",
        {
            "tool.py": """
            def f():
                import pytest

                pytest.Function.runtest = lambda self: None
                return 1
            """,
            "test_it.py": """
            import tool


            def test_a():
                assert tool.f()


            def test_must_fail():
                raise ValueError
            """,
        },
    ),
    _conftest(
        "object-replaced",
        "Replaces the function of every collected item.",
        """
        def pytest_collection_modifyitems(items):
            for item in items:
                item.obj = lambda: None
        """,
    ),
    _conftest(
        "object-replaced-by-a-fixture",
        "Replaces the function of a test in a fixture that every test uses.",
        """
        import pytest


        @pytest.fixture(autouse=True)
        def replaced(request):
            request.node.obj = lambda: None
        """,
    ),
    _conftest(
        "code-replaced",
        "Replaces the code of the test function itself.",
        """
        def nothing():
            pass


        def pytest_itemcollected(item):
            item.function.__code__ = nothing.__code__
        """,
    ),
    _conftest(
        "protocol-runs-nothing",
        "Says that the protocol of a test was carried out.",
        """
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item, nextitem):
            return True
        """,
    ),
    _conftest(
        "protocol-of-its-own",
        "Carries out a protocol of its own that logs passed reports.",
        """
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item, nextitem):
            item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
            for when in ("setup", "call", "teardown"):
                report = pytest.TestReport(item.nodeid, item.location, {}, "passed", None, when)
                item.ihook.pytest_runtest_logreport(report=report)
            item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
            return True
        """,
    ),
    _conftest(
        "loop-runs-nothing",
        "Says that the loop over the tests was run.",
        "import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_runtestloop(session):\n    return True\n",
    ),
    _conftest(
        "exit-status-set",
        "Sets the exit status of the session to 0.",
        """
        import pytest


        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(session):
            session.exitstatus, session.testsfailed = 0, 0
        """,
    ),
    _conftest(
        "everything-deselected",
        "Takes every test out of the session.",
        "def pytest_collection_modifyitems(items):\n    items[:] = []\n",
    ),
    _conftest(
        "failing-one-taken-out",
        "Takes the failing test out of the session without a word.",
        "def pytest_collection_modifyitems(items):\n    items[:] = [each for each in items if 's' in each.name[5:]]\n",
        Verdict.UNPASSED,
    ),
    _conftest("nothing-collected", "Ignores every file.", "collect_ignore_glob = ['*']\n"),
    _conftest(
        "nothing-made",
        "Makes no item of any function.",
        "def pytest_pycollect_makeitem(collector, name, obj):\n    return []\n",
    ),
    _conftest(
        "items-of-its-own",
        "Collects items of its own with the names of the tests, which do nothing.",
        """
        import pytest


        class Nothing(pytest.Item):
            def runtest(self):
                pass


        @pytest.hookimpl(tryfirst=True)
        def pytest_pycollect_makeitem(collector, name, obj):
            if name.startswith("test_"):
                return Nothing.from_parent(collector, name=name)
        """,
        Verdict.UNPASSED,
    ),
    _conftest(
        "expected-to-fail",
        "Marks every test as expected to fail.",
        """
        import pytest


        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.xfail(reason="x"))
        """,
        Verdict.UNPASSED,
    ),
    _conftest(
        "call-information-emptied",
        "Replaces what pytest keeps of a call by one that never fails.",
        """
        import _pytest.runner as runner


        def from_call(cls, func, when, reraise=None):
            return cls(None, None, 0.0, 0.0, 0.0, when, _ispytest=True)


        runner.CallInfo.from_call = classmethod(from_call)
        """,
    ),
    _conftest(
        "reports-that-lie",
        "Makes the outcome of reports a property that says passed.",
        """
        import pytest

        pytest.TestReport.outcome = property(lambda self: "passed", lambda self, value: None)
        pytest.TestReport.failed = property(lambda self: False)
        pytest.TestReport.passed = property(lambda self: True)
        """,
    ),
    _conftest(
        "reports-made-passed",
        "Replaces the constructor of reports.",
        """
        import pytest

        real = pytest.TestReport.__init__


        def init(self, nodeid, location, keywords, outcome, longrepr, *rest, **more):
            real(self, nodeid, location, keywords, "passed", None, *rest, **more)


        pytest.TestReport.__init__ = init
        """,
    ),
    _conftest(
        "hooks-called-by-nobody",
        "Replaces the way in which hooks are called, so that only its own hear of a report.",
        """
        def pytest_configure(config):
            manager = config.pluginmanager
            real = manager._inner_hookexec

            def hooked(name, methods, arguments, first):
                report = arguments.get("report")
                if name == "pytest_runtest_logreport":
                    report.outcome, report.longrepr = "passed", None
                return real(name, methods, arguments, first)

            manager._inner_hookexec = hooked
        """,
    ),
    _conftest(
        "plugins-unregistered",
        "Unregisters every plugin that pytest did not bring.",
        """
        def pytest_configure(config):
            manager = config.pluginmanager
            for name, plugin in list(manager.list_name_plugin()):
                module = getattr(plugin, "__module__", None) or getattr(plugin, "__name__", "")
                if plugin is not None and not module.startswith(("_pytest", "conftest", "pytest")):
                    manager.unregister(plugin)
        """,
    ),
    _conftest(
        "plugins-made-dumb",
        "Replaces the hooks of every plugin that is not pytest's by functions that do nothing.",
        """
        def pytest_collection_finish(session):
            for plugin in session.config.pluginmanager.get_plugins():
                module = getattr(type(plugin), "__module__", "") or ""
                if module.startswith(("_pytest", "builtins")):
                    continue
                for name in dir(plugin):
                    if name.startswith("pytest_"):
                        try:
                            setattr(plugin, name, lambda *a, **k: None)
                        except (AttributeError, TypeError):
                            pass
            for caller in vars(session.config.hook).values():
                for implementation in getattr(caller, "get_hookimpls", list)():
                    if not (implementation.plugin_name or "").startswith(("_pytest", "python", "runner", "main")):
                        if "logreport" in implementation.function.__name__:
                            implementation.function = lambda *a, **k: None
        """,
    ),
    _conftest(
        "configuration-changed",
        "Changes the options of the session from inside: to collect only.",
        """
        def pytest_configure(config):
            config.option.collectonly = True
            config.option.keyword = "passes"
            config.option.maxfail = 1
        """,
        Verdict.UNPASSED,
    ),
)
