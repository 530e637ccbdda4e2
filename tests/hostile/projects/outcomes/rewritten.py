"""Forged outcomes: other tests in the place of those that were written, and failures that never come out of them."""

from tests.hostile.project import Hostile, Verdict, forger

_TWO_STEPS = """
def test_passes():
    pass


def test_must_fail():
    value = 1
    if value == 1:
        raise ValueError
    value = 2
"""


def _conftest(name: str, tries: str, text: str, expects: Verdict = Verdict.FAILS, known: str = "") -> Hostile:
    return forger(
        name, tries, {"conftest.py": text, "test_it.py": _TWO_STEPS}, topic="rewritten", expects=expects, known=known
    )


_BOUND = "in one process no trace is left of it; a change is judged by conftest and tests of its base"

REWRITTEN: tuple[Hostile, ...] = (
    _conftest(
        "file-rewritten",
        "Writes other tests into the work copy before they are collected.",
        """
        with open("test_it.py", "w") as tests:
            tests.write("def test_passes():\\n    pass\\n\\n\\ndef test_must_fail():\\n    pass\\n")
        """,
    ),
    _conftest(
        "file-removed",
        "Removes the failing tests from the work copy and writes others.",
        """
        import os

        os.unlink("test_it.py")
        with open("test_other.py", "w") as tests:
            tests.write("def test_passes():\\n    pass\\n")
        """,
    ),
    _conftest(
        "module-in-its-place",
        "Puts a module of its own under the name of the test module before that is imported.",
        """
        import os
        import sys
        import types

        module = types.ModuleType("test_it")
        module.__file__ = os.path.abspath("test_it.py")
        exec("def test_passes(): pass\\ndef test_must_fail(): pass", vars(module))
        sys.modules["test_it"] = module
        """,
    ),
    _conftest(
        "import-hook",
        "Imports the test module by a finder of its own, from other text.",
        """
        import importlib.abc
        import importlib.util
        import os
        import sys


        class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
            def find_spec(self, name, path=None, target=None):
                if name == "test_it":
                    return importlib.util.spec_from_loader(name, self, origin=os.path.abspath("test_it.py"))

            def exec_module(self, module):
                module.__file__ = os.path.abspath("test_it.py")
                exec("def test_passes(): pass\\ndef test_must_fail(): pass", vars(module))


        sys.meta_path.insert(0, Finder())
        """,
    ),
    _conftest(
        "module-under-its-name",
        "Imports the test module by a finder of its own that compiles other text under the file's name.",
        """
        import importlib.abc
        import importlib.util
        import os
        import sys

        path = os.path.abspath("test_it.py")


        class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
            def find_spec(self, name, where=None, target=None):
                if name == "test_it":
                    return importlib.util.spec_from_loader(name, self, origin=path)

            def exec_module(self, module):
                module.__file__ = path
                exec(compile("def test_passes(): pass\\ndef test_must_fail(): pass", path, "exec"), vars(module))


        sys.meta_path.insert(0, Finder())
        """,
        known=_BOUND,
    ),
    _conftest(
        "module-of-its-own",
        "Collects another file under the name of the test module.",
        """
        import pathlib

        import pytest

        other = pathlib.Path("other.py")
        other.write_text("def test_passes(): pass\\ndef test_must_fail(): pass\\n")


        def pytest_collect_file(file_path, parent):
            if file_path.name == "test_it.py":
                module = pytest.Module.from_parent(parent, path=other.absolute(), name="test_it.py")
                module._nodeid = "test_it.py"
                return [module]


        def pytest_ignore_collect(collection_path):
            return False


        def pytest_pycollect_makemodule(module_path, parent):
            return pytest.Module.from_parent(parent, path=other.absolute())
        """,
        Verdict.UNPASSED,
    ),
    _conftest(
        "compiled-tests",
        "Writes compiled tests of its own where pytest keeps its rewritten ones.",
        """
        import importlib.util
        import marshal
        import os
        import sys

        import pytest

        facts = os.stat("test_it.py")
        code = compile("def test_passes(): pass\\ndef test_must_fail(): pass", os.path.abspath("test_it.py"), "exec")
        head = importlib.util.MAGIC_NUMBER + bytes(4)
        head += (int(facts.st_mtime) & 0xFFFFFFFF).to_bytes(4, "little") + facts.st_size.to_bytes(4, "little")
        os.makedirs("__pycache__", exist_ok=True)
        tag = sys.implementation.cache_tag
        for name in (f"test_it.{tag}-pytest-{pytest.__version__}.pyc", f"test_it.{tag}.pyc"):
            with open("__pycache__/" + name, "wb") as written:
                written.write(head + marshal.dumps(code))
        """,
    ),
    _conftest(
        "failure-swallowed",
        "Calls the test function, keeps what it raises to itself, and says that all went well.",
        """
        import pytest


        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            try:
                pyfuncitem.obj()
            except Exception:
                pass
            return True
        """,
    ),
    _conftest(
        "failure-jumped-over",
        "Traces the test and jumps over the line that raises.",
        """
        import sys


        def trace(frame, event, argument):
            if frame.f_code.co_name != "test_must_fail":
                return None
            if event == "line" and frame.f_lineno == frame.f_code.co_firstlineno + 3:
                frame.f_lineno += 1
            return trace


        def pytest_runtest_call(item):
            sys.settrace(trace)
        """,
        known=_BOUND,
    ),
    _conftest(
        "names-replaced",
        "Replaces what the test module uses by its names, so that its failure cannot be raised.",
        """
        class Quiet(Exception):
            pass


        def pytest_collection_modifyitems(items):
            import pytest

            for item in items:
                item.module.ValueError = pytest.skip.Exception
        """,
        Verdict.UNPASSED,
    ),
    _conftest(
        "reached-by-a-decorator",
        "Wraps every test function as it is made so that failures stay inside.",
        """
        import functools


        def pytest_pycollect_makeitem(collector, name, obj):
            if callable(obj) and name.startswith("test_"):

                @functools.wraps(obj)
                def quiet(*arguments, **more):
                    try:
                        obj(*arguments, **more)
                    except Exception:
                        pass

                setattr(collector.obj, name, quiet)
        """,
        known="a decorator of the project may expect an exception: as test suites have them",
    ),
)
