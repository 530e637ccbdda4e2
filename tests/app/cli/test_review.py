"""`selfmod review`: exit codes, formats, and what is written where."""

import json
import os
from pathlib import Path

import pytest

from tests.commands import process, selfmod
from tests.repositories import Repository

MUTABLE = "def f(a=[]):\n    return a\n"
KEYS = ("file", "line", "column", "rule", "severity", "confidence", "message", "cwe", "tool", "fingerprint", "fixable")
FORMATS = ("text", "json", "sarif", "github")


@pytest.fixture
def project(repository: Repository) -> Repository:
    repository.put("sub/b.py", MUTABLE)
    repository.commit()
    return repository


@pytest.mark.parametrize("form", FORMATS)
def test_exit_codes_are_the_same_in_every_format(project: Repository, form: str) -> None:
    report = project.root / "report"
    runs = [
        ((), 1),
        (("--output", report), 1),
        (("--threshold", "high"), 0),
        (("--threshold", "high", "--output", report), 0),
        (("--threshold", "info"), 1),
        (("--base", "HEAD"), 0),
        (("--base", "none"), 2),
        (("none.py",), 2),
        (("--output", "none/report"), 2),
    ]
    for arguments, code in runs:
        ran = selfmod("review", "--format", form, *arguments, at=project.root)
        assert ran.code == code, (arguments, ran)
        assert (ran.out == b"") == (code == 2 or report in arguments)
        if code == 2:
            assert ran.error.startswith("selfmod: ") and ran.error.count("\n") == 1
    shown = selfmod("review", "--format", form, "--threshold", "high", at=project.root).out
    times = (b"(0.", b'"seconds"')
    kept = [line for line in shown.splitlines() if not any(word in line for word in times)]
    written = report.read_bytes().splitlines()
    assert kept == [line for line in written if not any(word in line for word in times)]


def test_json_as_it_was_promised(project: Repository) -> None:
    project.put("broken.py", "def (\n")
    ran = selfmod("review", "--json", at=project.root)
    document = json.loads(ran.out)
    assert list(document)[:2] == ["findings", "not_analysed"]
    finding = next(f for f in document["findings"] if f["rule"] == "mutable-default-argument")
    assert set(KEYS) <= set(finding)
    assert (finding["file"], finding["line"], finding["column"]) == ("sub/b.py", 1, 9)
    assert finding["severity"] in ("info", "low", "medium", "high", "critical")
    assert finding["cwe"] is None or isinstance(finding["cwe"], int)
    assert finding["fixable"] is True and len(finding["fingerprint"]) == 32
    assert [set(note) for note in document["not_analysed"]] == [{"file", "reason"}]
    assert document["not_analysed"][0]["file"] == "broken.py"
    assert selfmod("review", "--format", "json", "--json", at=project.root).code == 1


def test_paths_are_relative_to_the_root_wherever_one_is(project: Repository) -> None:
    for at, path in (
        (project.root, "."),
        (project.root, "sub"),
        (project.root / "sub", "."),
        (project.root, "sub/b.py"),
    ):
        document = json.loads(selfmod("review", path, "--json", at=at).out)
        assert {finding["file"] for finding in document["findings"]} == {"sub/b.py"}


def test_the_configuration_is_obeyed_and_the_option_wins(project: Repository) -> None:
    project.put(".github/selfmod.yml", "review:\n  threshold: high\n")
    assert selfmod("review", at=project.root).code == 0
    assert selfmod("review", "--threshold", "medium", at=project.root).code == 1
    project.put(".github/selfmod.yml", "review:\n  exclude: [sub/]\n")
    assert selfmod("review", at=project.root).code == 0
    # a change does not decide how it is judged
    project.put("sub/c.py", MUTABLE)
    assert selfmod("review", "--base", "HEAD", at=project.root).code == 1
    project.put(".github/selfmod.yml", "review:\n  treshold: high\n")
    ran = selfmod("review", at=project.root)
    assert ran.code == 2 and "line 2: unknown key 'review.treshold'.  Did you mean 'threshold'?" in ran.error


@pytest.mark.parametrize(
    "spelling",
    [
        ("--write-baseline", "known.json"),
        ("--write-baseline=known.json",),
        ("--baseline", "known.json", "--write-baseline"),
        ("--write-baseline", "--baseline", "known.json"),
        ("--baseline", "known.json", "--write-baseline", "."),
    ],
)
def test_an_old_code_base_starts_today(project: Repository, spelling: tuple[str, ...]) -> None:
    sub = project.root / "sub"
    ran = selfmod("review", *spelling, at=sub)
    assert ran.code == 0 and "finding recorded in known.json" in ran.error
    first = (sub / "known.json").read_bytes()
    assert selfmod("review", *spelling, at=sub).code == 0
    assert (sub / "known.json").read_bytes() == first
    assert selfmod("review", "--baseline", "known.json", at=sub).code == 0
    assert selfmod("review", "--baseline", "sub/known.json", at=project.root).code == 0
    project.put("sub/c.py", MUTABLE)
    ran = selfmod("review", "--baseline", "known.json", "--json", at=sub)
    assert ran.code == 1
    assert {finding["file"] for finding in json.loads(ran.out)["findings"]} == {"sub/c.py"}
    assert selfmod("review", "--baseline", "known.json", "--base", "HEAD", at=sub).code == 1
    project.put("sub/c.py", "")
    project.put("sub/b.py", "")
    assert selfmod("review", "--baseline", "known.json", at=sub).code == 0
    assert (sub / "known.json").read_bytes() == first


def test_recording_reports_what_the_next_review_will(project: Repository) -> None:
    ran = selfmod("review", "--write-baseline", "known.json", "--json", at=project.root)
    document = json.loads(ran.out)
    assert ran.code == 0 and document["findings"] == [] and document["summary"]["older"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--baseline", "none.json"), "none.json does not exist.  Write one: selfmod review --write-baseline"),
        (("--baseline", "sub/b.py"), "is no baseline of selfmod"),
        (("--baseline", "a", "--write-baseline", "b"), "name two files"),
        (("--write-baseline", "none/known.json"), "there is no folder none"),
        (("--json", "--format", "sarif"), "exclude each other"),
        (("README",), "is no Python file"),
        (("nowhere/a.py",), "does not exist"),
        (("--base", "mian"), "Did you mean main?"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_2(project: Repository, arguments: tuple[str, ...], said: str) -> None:
    project.put("README", "x")
    ran = selfmod("review", *arguments, at=project.root)
    assert ran.code == 2 and ran.out == b""
    assert said in ran.error and ran.error.count("\n") == 1 and ran.error.startswith("selfmod: ")


@pytest.mark.parametrize(
    "arguments", [("--thresh",), ("--threshold", "hihg"), ("--format", "xml"), ("a", "b"), ("--bse",)]
)
def test_usage_errors_are_2_without_a_traceback(project: Repository, arguments: tuple[str, ...]) -> None:
    ran = selfmod("review", *arguments, at=project.root)
    assert ran.code == 2 and "Error" in ran.error and "Traceback" not in ran.error
    if arguments == ("--bse",):
        assert "--base" in ran.error


def test_places_without_anything_to_analyse(tmp_path: Path, repository: Repository) -> None:
    (tmp_path / "empty").mkdir()
    bare = tmp_path / "bare.git"
    repository.git("init", "-q", "--bare", str(bare))
    for place in (tmp_path / "empty", bare, repository.root):
        ran = selfmod("review", place, at=tmp_path)
        assert ran.code == 0 and ran.text.startswith("no findings in no files")
    for place, said in ((bare, "in a bare git repository"), (repository.root, "has no commit 'main'")):
        ran = selfmod("review", place, "--base", "main", at=tmp_path)
        assert ran.code == 2 and said in ran.error


def test_a_pipe_as_path_is_not_opened(repository: Repository) -> None:
    os.mkfifo(repository.root / "pipe.py")
    ran = process("review", "pipe.py", at=repository.root)
    assert ran.code == 0 and "named pipe: not opened" in ran.text


def test_names_and_messages_cannot_drive_a_terminal(repository: Repository) -> None:
    repository.put("a\x1b[31mb\n.py", MUTABLE)
    ran = selfmod("review", at=repository.root)
    assert ran.code == 1 and b"\x1b" not in ran.out and b"a\\x1b[31mb\\n.py:1:9" in ran.out


def test_a_pipe_gets_no_colour_and_no_progress(project: Repository) -> None:
    ran = process("review", at=project.root, env={"FORCE_COLOR": "1"})
    assert ran.code == 1 and b"\x1b" not in ran.out and ran.error == ""


def test_what_a_person_is_told_beside_an_output(project: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = selfmod("review", "--output", "report.json", "--json", at=project.root)
    assert ran.out == b"" and "1 finding in 1 file" in ran.error
    json.loads((project.root / "report.json").read_bytes())
    monkeypatch.setenv("CI", "true")
    assert selfmod("review", "--output", "report.json", "--json", at=project.root).error == ""


def test_sarif_knows_the_rules(project: Repository) -> None:
    document = json.loads(selfmod("review", "--format", "sarif", at=project.root).out)
    run = document["runs"][0]
    assert run["results"][0]["ruleId"] == "mutable-default-argument"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["mutable-default-argument"]


def test_annotations(project: Repository) -> None:
    ran = selfmod("review", "--format", "github", at=project.root)
    assert ran.text.startswith("::warning file=sub/b.py,line=1,endLine=1,col=9,title=mutable-default-argument")


def test_without_a_cache_nothing_is_kept(project: Repository, home: Path) -> None:
    assert selfmod("review", "--no-cache", at=project.root).code == 1
    assert not (home / "cache").exists()
    assert selfmod("review", at=project.root).code == 1
    assert (home / "cache" / "selfmod").is_dir()
    assert list((home / "tmp").iterdir()) == []
