"""Configuration that is poisoned: every way to tell pytest something, by every file that it reads."""

from tests.hostile.project import Hostile, Verdict, forger

_T = "configuration"
_EVIL = "import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_pyfunc_call(pyfuncitem):\n    return True\n"


def _ini(name: str, tries: str, lines: str, expects: Verdict = Verdict.FAILS, **files: str) -> Hostile:
    """A pytest.ini with these lines beside the failing test; `files` are modules."""
    more = {f"{key}.py": text for key, text in files.items()}
    return forger(name, tries, {"pytest.ini": "[pytest]\n" + lines, **more}, topic=_T, expects=expects)


def _options(name: str, options: str, expects: Verdict = Verdict.FAILS) -> Hostile:
    """A project whose configuration adds options to the command line."""
    return _ini(
        f"option-{name}", f"Adds the options {options} by its configuration.", f"addopts = {options}\n", expects
    )


CONFIGURATION: tuple[Hostile, ...] = (
    _options("collect-only", "--collect-only -q"),
    _options("version", "--version"),
    _options("help", "--help"),
    _options("fixtures", "--fixtures-per-test"),
    _options("keyword", "-k passes", Verdict.UNPASSED),
    _options("deselect", "--deselect test_it.py::test_must_fail", Verdict.UNPASSED),
    _options("ignore", "--ignore-glob=*"),
    _options("first-failure", "-x --maxfail=1", Verdict.UNPASSED),
    _options("plugins-off", "-p no:python -p no:runner -p no:main"),
    _options("debugger", "--pdb --trace"),
    _options("set-up-only", "--setup-only --setup-plan"),
    _options("other-root", "--rootdir=/ --confcutdir=/ -c /dev/null"),
    _options("base-of-temporary-files", "--basetemp=<<target>>/base"),
    _options("files-of-its-own", "--junitxml=<<target>>/junit.xml --debug=<<target>>/debug --log-file=<<target>>/log"),
    _options("packages", "--pyargs os json -o testpaths=/"),
    _options("last-failed", "--lf --lfnf=none --ff --nf --sw", Verdict.UNPASSED),
    _options("unknown", "--there-is-no-such-option"),
    _ini("plugin-by-ini", "Loads a plugin of its own by -p.", "addopts = -p evilplugin\n", evilplugin=_EVIL),
    forger(
        "plugin-by-setup-cfg",
        "Loads a plugin of its own by setup.cfg, tox.ini and pyproject.toml.",
        {
            "setup.cfg": "[tool:pytest]\naddopts = -p evilplugin\n",
            "tox.ini": "[pytest]\naddopts = -p evilplugin\n",
            "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-p evilplugin'\n",
            "evilplugin.py": _EVIL,
        },
        topic=_T,
    ),
    forger(
        "options-by-environment",
        "Sets PYTEST_ADDOPTS, PYTEST_PLUGINS, PYTHONPATH and others from where environments are set.",
        {
            "conftest.py": """
            import os

            for name, value in {
                "PYTEST_ADDOPTS": "--collect-only", "PYTEST_PLUGINS": "evilplugin", "PYTHONOPTIMIZE": "2",
                "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "", "PYTHONSTARTUP": "evilplugin.py", "LD_PRELOAD": "./evil.so",
            }.items():
                os.environ[name] = value
            """,
            ".env": "PYTEST_ADDOPTS=--collect-only\nPYTHONOPTIMIZE=2\n",
            "pyproject.toml": "[tool.pytest.ini_options]\nenv = ['PYTEST_ADDOPTS=--collect-only']\n",
            "evilplugin.py": _EVIL,
        },
        topic=_T,
    ),
    _ini("tests-in-etc", "Says that its tests lie in /etc.", "testpaths = /etc /sys\n", Verdict.UNPASSED),
    _ini(
        "tests-of-the-host",
        "Says that its tests lie in a folder of the host.",
        "testpaths = <<home>> ../../../../../..<<home>>\n",
        Verdict.UNPASSED,
    ),
    _ini("every-file-is-a-test", "Takes every file for a test module.", "python_files = * **/* [ ../*\n"),
    _ini("no-file-is-a-test", "Takes no file for a test module.", "python_files = nothing_*.py\n"),
    _ini("no-function-is-a-test", "Takes no function for a test.", "python_functions = nothing\npython_classes = No\n"),
    _ini("no-folder-is-entered", "Enters no folder.", "norecursedirs = * .*\ncollect_imported_tests = false\n"),
    _ini(
        "path-of-modules",
        "Puts folders of the host in front of the path of modules.",
        "pythonpath = <<target>> / /etc ../.. .\n",
        json="import os\nos._exit(0)\n",
    ),
    _ini(
        "cache-elsewhere",
        "Puts its cache and its log into a folder of the host.",
        "cache_dir = <<target>>/cache\nlog_file = <<target>>/log\ntmp_path_retention_policy = all\n",
    ),
    _ini(
        "warnings-that-import",
        "Names a category of warnings whose import ends the process.",
        "filterwarnings =\n    error::evil.Warning\n    ignore::evil.Other\n",
        evil="import os\n\nprint('2 passed')\nos._exit(0)\n",
    ),
    _ini("fixtures-everywhere", "Asks for fixtures that run no test.", "usefixtures = nothing\n"),
    _ini("plugins-required", "Requires a plugin that there is not.", "required_plugins = evil>=99\nminversion = 999\n"),
    _ini(
        "strict-about-everything",
        "Turns on everything that changes how outcomes are told.",
        "xfail_strict = true\nempty_parameter_set_mark = xfail\nenable_assertion_pass_hook = true\n"
        "faulthandler_timeout = 0.01\nconsole_output_style = none\ntruncation_limit_lines = 0\n",
    ),
    forger(
        "configuration-that-is-none",
        "Has configurations that cannot be read.",
        {
            "pyproject.toml": "[tool.pytest.ini_options\n" + "[" * 5000,
            "setup.cfg": "\x00[tool:pytest]\n==\n",
            "tox.ini": "no section\n",
        },
        topic=_T,
    ),
    forger(
        "configuration-without-end",
        "Has a configuration with a hundred thousand lines and one of a million brackets.",
        {
            "pytest.ini": "[pytest]\nmarkers =\n" + "    m: x\n" * 100_000,
            "pyproject.toml": "x = " + "[" * 1_000_000 + "\n",
        },
        topic=_T,
    ),
    forger(
        "wrong-kinds",
        "Gives every setting a value of a kind that it does not have.",
        {
            "pyproject.toml": """
            [tool.pytest.ini_options]
            addopts = {a = 1}
            markers = [1, [2], {b = 3}]
            testpaths = [["x"], 7]
            python_files = 2030-01-01
            pythonpath = [true]
            [project]
            name = ["x"]
            requires-python = ["all"]
            dependencies = {a = "b"}
            """
        },
        topic=_T,
    ),
    forger(
        "selfmod-configuration",
        "Plants settings of selfmod that excuse its failing test.",
        {
            ".selfmod.yml": "sandbox:\n  enabled: false\n  quarantine: ['*']\n  backend: none\n",
            ".github/selfmod.yml": "sandbox: {quarantine: ['**']}\n",
            "selfmod.yml": "sandbox: {quarantine: ['**']}\n",
        },
        topic=_T,
        # a person who runs `sandbox run` on a folder has chosen its configuration: refusing it is right too
    ),
    forger(
        "doctest-only",
        "Asks for doctests of everything, in files of every name.",
        {
            "pytest.ini": "[pytest]\naddopts = --doctest-modules --doctest-glob=*\ndoctest_encoding = rot13\n",
            "evil.txt": ">>> import os; os._exit(0)\n",
        },
        topic=_T,
    ),
)
