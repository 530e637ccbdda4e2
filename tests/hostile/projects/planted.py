"""Files that some program finds by their name and runs: in the runner, in the interpreter, or on the host."""

import importlib.util
import marshal
from collections.abc import Mapping

from tests.hostile.project import Content, Hostile, Verdict, forger

_T = "planted"
_EXIT = "import os\nprint('2 passed in 0.01s')\nos._exit(0)\n"
_SAYS = "#!/bin/sh\ntouch <<target>>/ran-on-the-host\necho '{\"version\": [3, 13]}'\n"
_TOUCH = "try:\n    open('<<target>>/ran-on-the-host', 'w').close()\nexcept OSError:\n    pass\n"
_ENTRY = "[pytest11]\nevil = evilplugin\n"
_EVIL = """
import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    return True
"""


def _compiled(source: str) -> bytes:
    """Compiled code that its reader must not compare with the source (PEP 552, unchecked)."""
    head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)
    return head + marshal.dumps(compile(source, "tool.py", "exec"))


def _planted(name: str, tries: str, files: Mapping[str, Content], expects: Verdict = Verdict.FAILS) -> Hostile:
    return forger(name, tries, files, topic=_T, expects=expects)


def _shadow(module: str) -> Hostile:
    """A module of the project that has the name of one which the runner may import."""
    path = f"{module}.py" if "." not in module else module.replace(".", "/") + ".py"
    files: dict[str, Content] = {path: _EXIT}
    if "." in module:
        files[module.split(".")[0] + "/__init__.py"] = _EXIT
    return _planted(f"shadow-of-{module}", f"Has a module {module} that says all passed and ends.", files)


PLANTED: tuple[Hostile, ...] = (
    _planted(
        "site-customisation",
        "Plants sitecustomize.py and usercustomize.py, which Python runs as it starts.",
        dict.fromkeys(("sitecustomize.py", "usercustomize.py", "src/sitecustomize.py"), _TOUCH + _EXIT),
    ),
    *map(
        _shadow,
        (
            "pytest",
            "pluggy",
            "_pytest.runner",
            "iniconfig",
            "packaging.version",
            "json",
            "hmac",
            "hashlib",
            "struct",
            "os",
            "coverage",
            "runner",
            "reporter",
            "unittest.mock",
            "encodings.idna",
        ),
    ),
    _planted(
        "path-files",
        "Plants .pth files with code in every folder that may be one of packages.",
        {
            f"{folder}evil.pth": "import os; print('2 passed'); os._exit(0)\n"
            for folder in ("", "src/", "lib/python3.13/site-packages/", ".venv/lib/python3.13/site-packages/")
        },
    ),
    _planted(
        "environment-of-its-own",
        "Plants a virtual environment whose interpreter and pip are scripts.",
        {
            f"{folder}/{name}": text
            for folder in (".venv", "venv", "env")
            for name, text in {
                "pyvenv.cfg": "home = <<target>>\ninclude-system-site-packages = true\nversion = 3.13.0\n",
                "bin/python": _SAYS,
                "bin/python3": _SAYS,
                "bin/pip": _SAYS,
                "bin/pytest": _SAYS,
            }.items()
        },
        Verdict.REFUSED,
    ),
    _planted(
        "pyvenv-in-the-root",
        "Plants pyvenv.cfg in its root, with a home of its own.",
        {"pyvenv.cfg": "home = <<target>>\ninclude-system-site-packages = true\n", "bin/python": _SAYS},
    ),
    _planted(
        "version-file",
        "Names an interpreter by a path in .python-version, .tool-versions and .envrc.",
        {
            ".python-version": "../../../../<<target>>/python\n",
            ".tool-versions": "python path:<<target>>/python\n",
            ".envrc": "touch <<target>>/ran-on-the-host\n",
            "evil/bin/python": _SAYS,
        },
        Verdict.ANY,
    ),
    _planted(
        "plugin-by-entry-point",
        "Plants the metadata of a distribution whose entry point is a plugin of pytest.",
        {
            "evilplugin.py": _EVIL,
            "evil-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n",
            "evil-1.0.dist-info/entry_points.txt": _ENTRY,
            "evil.egg-info/entry_points.txt": _ENTRY,
            "evil.egg-info/PKG-INFO": "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n",
            "src/evil-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n",
            "src/evil-1.0.dist-info/entry_points.txt": _ENTRY,
        },
    ),
    _planted(
        "coverage-configuration",
        "Plants a configuration of coverage that loads a plugin and writes elsewhere.",
        {
            ".coveragerc": "[run]\nplugins = evilplugin\ndata_file = <<target>>/data\n[paths]\na = /\n",
            "evilplugin.py": "def coverage_init(registry, options):\n    " + _EXIT.replace("\n", "\n    "),
        },
    ),
    _planted(
        "conftest-beside-the-folder",
        "Has a conftest.py in the folders above the project.",
        {"../conftest.py": _TOUCH + _EXIT, "../pytest.ini": "[pytest]\naddopts = --collect-only\n"},
    ),
    _planted(
        "plugin-named-by-conftest",
        "Names a plugin of its own in conftest.py that runs no test.",
        {"conftest.py": "pytest_plugins = ['evilplugin']\n", "evilplugin.py": _EVIL},
    ),
    _planted(
        "plugin-named-by-a-test",
        "Names a plugin of its own in a test module.",
        {"test_a.py": "pytest_plugins = ['evilplugin']\n", "evilplugin.py": _EVIL},
    ),
    _planted(
        "compiled-code",
        "Plants compiled code that Python takes for a module without looking at its source.",
        {
            "tool.py": "VALUE = 1\n",
            "__pycache__/tool.cpython-<<cache>>.pyc": _compiled("VALUE = 2\n"),
            "test_it.py": "import tool\n\n\ndef test_must_fail():\n    assert tool.VALUE == 2\n",
        },
    ),
    _planted(
        "build-scripts",
        "Plants a setup.py, a build back end, a noxfile, a Makefile and a tox.ini that run commands.",
        {
            "setup.py": _TOUCH + "from setuptools import setup\nsetup()\n",
            "noxfile.py": _TOUCH,
            "tasks.py": _TOUCH,
            "backend.py": _TOUCH,
            "pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
            "Makefile": "all:\n\ttouch <<target>>/ran-on-the-host\n",
            "tox.ini": "[testenv]\ncommands = touch <<target>>/ran-on-the-host\n",
        },
    ),
    _planted(
        "startup-of-other-tools",
        "Plants configurations that are code for linters, editors and shells.",
        {
            ".pylintrc": "[MASTER]\ninit-hook=open('<<target>>/ran-on-the-host', 'w')\n",
            ".pre-commit-config.yaml": "repos: []\n",
            ".bashrc": "touch <<target>>/ran-on-the-host\n",
            ".pythonrc": _TOUCH,
            ".ruff.toml": "extend = '<<secret>>'\n",
            "mypy.ini": "[mypy]\nplugins = evilplugin\n",
            "evilplugin.py": _TOUCH,
        },
    ),
)
