"""The program itself: help, version, completion, interruption."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main as verbs
from tests.commands import PROGRAM, environment, process, selfmod
from tests.repositories import Repository

HEAVY = ("libcst", "bandit", "yaml", "pydantic", "rich", "stevedore")
"""What a hook, run at every commit, need not wait for before it knows what to do."""
VERBS = ("review", "fix", "explain", "config", "demo")


def test_help_names_every_verb(tmp_path: Path) -> None:
    for arguments in (("--help",), ("-h",), ()):
        ran = selfmod(*arguments, at=tmp_path)
        assert ran.code == (0 if arguments else 2)
        assert all(f"  {verb} " in ran.text + ran.error for verb in VERBS)


@pytest.mark.parametrize("verb", [*VERBS, "config show", "config schema"])
def test_every_verb_has_help_with_an_example(tmp_path: Path, verb: str) -> None:
    ran = selfmod(*verb.split(), "--help", at=tmp_path)
    assert ran.code == 0 and ran.text.startswith(f"Usage: selfmod {verb} ")
    assert verb == "config" or "selfmod" in ran.text.partition("Example")[2]


def test_version(tmp_path: Path) -> None:
    ran = selfmod("--version", at=tmp_path)
    assert ran.code == 0 and ran.text.startswith("selfmod ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("revew",), "there is no command 'revew'.  Did you mean 'selfmod review'?"),
        (("config", "shwo"), "there is no command 'shwo'.  Did you mean 'selfmod config show'?"),
        (
            ("frobnicate",),
            "there is no command 'frobnicate'.  Commands: review, validate, fix, status, approve, reject, apply, "
            "rebase, rollback, explain, demo, smoke, serve, worker, doctor, protect, stop, resume, config, sandbox, "
            "audit",
        ),
    ],
)
def test_a_near_miss(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = selfmod(*words, at=tmp_path)
    assert ran.code == 2 and ran.out == b"" and ran.error.startswith(f"selfmod: {said}")


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("selfmod re", ["review", "reject", "rebase", "resume"]),
        ("selfmod config s", ["show", "schema"]),
        ("selfmod explain mutable-def", ["mutable-default-argument"]),
        ("selfmod fix --rule requests-wi", ["requests-without-timeout"]),
        ("selfmod fix --rule F54", ["F541"]),
        ("selfmod review --base", ["--base", "--baseline"]),
    ],
)
def test_shell_completion(tmp_path: Path, words: str, completed: list[str]) -> None:
    env = {"_SELFMOD_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    assert process(at=tmp_path, env=env).text.split() == completed


def test_the_completion_script(tmp_path: Path) -> None:
    env = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    ran = process("--show-completion", "bash", at=tmp_path, env=env)
    assert ran.code == 0 and "complete -o default -F _selfmod_completion selfmod" in ran.text


def until(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.complete
@pytest.mark.parametrize(
    ("number", "whom", "code"),
    [(signal.SIGINT, os.killpg, 130), (signal.SIGINT, os.kill, 130), (signal.SIGTERM, os.kill, 143)],
    ids=["Ctrl-C", "SIGINT to it alone", "SIGTERM"],
)
@pytest.mark.parametrize("verb", ["review", "fix"])
def test_interrupted_work_leaves_nothing(
    repository: Repository, home: Path, number: int, whom: Callable[[int, int], None], code: int, verb: str
) -> None:
    source = Path(shutil.__file__).read_text() + "\n\ndef f(a=[]):\n    return a\n"
    for index in range(300):
        repository.put(f"m{index}.py", f"# {index}\n{source}")
    before = sorted(repository.root.iterdir())
    options = ["--apply"] if verb == "fix" else []
    child = subprocess.Popen(
        [*PROGRAM, verb, "--no-cache", *options],
        cwd=repository.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        until(lambda: any((home / "tmp").glob("selfmod-*")) or child.poll() is not None)
        assert child.poll() is None, child.communicate()
        whom(child.pid, number)
        out, error = child.communicate(timeout=60)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
    assert child.returncode == code
    assert out == b"" and error == (b"selfmod: interrupted.\n" if code == 130 else b"")
    until(lambda: gone(child.pid), 10)
    assert list((home / "tmp").iterdir()) == []
    assert sorted(repository.root.iterdir()) == before


@pytest.mark.parametrize("arguments", [None, ("--help",), ("review", "--help"), ("fix", "--help"), ("--version",)])
def test_nothing_heavy_is_imported(arguments: tuple[str, ...] | None) -> None:
    work = "import app.cli.main" if arguments is None else PROGRAM[2]
    listing = f"""
import sys
try:
    {work.replace("; ", chr(10) + "    ")}
except SystemExit:
    pass
print("LOADED", *sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
    ran = subprocess.run(
        [sys.executable, "-c", listing, *(arguments or ())],
        env=environment(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    loaded = ran.stdout.decode().splitlines()[-1].split()
    assert loaded[0] == "LOADED" and "typer" in loaded
    # the parser of a verb's own arguments takes pydantic where it is installed
    own = [name for name in HEAVY if name != "pydantic" or len(arguments or ()) < 2]
    assert [name for name in own if name in loaded] == []


@pytest.mark.parametrize(
    ("word", "loaded"),
    [
        ("fix", {"app.cli.fix"}),
        ("explain", {"app.cli.explain"}),
        ("sandbox", {"app.cli.sandbox"}),
        ("frobnicate", {*verbs.VERBS.values(), *verbs.GROUPS.values()}),
        ("--version", {*verbs.VERBS.values(), *verbs.GROUPS.values()}),
    ],
)
def test_only_the_verb_that_is_asked_for_is_loaded(word: str, loaded: set[str]) -> None:
    listing = f"import sys, app.cli.main as main; main.program({word!r}); print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", listing], env=environment(), capture_output=True, timeout=60, check=True
    )
    assert {*verbs.VERBS.values(), *verbs.GROUPS.values()} & set(ran.stdout.decode().split()) == loaded
