"""What is new fails, what was there does not; secrets in files of every kind, and things that look like some."""

from collections.abc import Mapping

import pytest

from checks.model.findings import Severity
from checks.model.verdicts import StageResult, State
from checks.validation.asked import Asked
from checks.validation.stages import security
from tests.changes import made

SHELL = "import subprocess\n\n\ndef run(name):\n    subprocess.run(f'ls {name}', shell=True)\n"
MUTABLE = "def f(a=[]):\n    return a\n"
# In pieces, so that no scanner takes these made-up ones for real.
GITHUB = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5"
AWS = "AKIA" + "Q7RZ2XKPLM5WJTVC"
SLACK = "xoxb-" + "9372648105-8264019375-kJ8sLq2Wn5RtYv7Z"
STRIPE = "sk_live_" + "9fKq2mZx7Lw4Rt8Vb3Ny6Pc1"
GOOGLE = "AIza" + "Sy7Kq2mZx9Lw4Rt8Vb3Ny6Pc1Jd5Hg0Fs2A"
JWT = "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiJhZG1pbiIsImlhdCI6MX0.q8Zr5XvT2mLp9KwBn4Yd7Jc"
KEY = "-----BEGIN " + "RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEAx7Gk2qPz9fLmWv4RtYb8Ns3Jd6Hc1Ke5\n" * 4
PASSWORD = "t7Gq!x92LmBv"


def _run(base: Mapping[str, str], head: Mapping[str, str], renamed: Mapping[str, str] | None = None) -> StageResult:
    return security.run(made(base, head, renamed), Asked())


@pytest.mark.parametrize(
    ("base", "head", "renamed", "rules"),
    [
        ({}, {"a.py": SHELL}, {}, ["shell-injection"]),
        ({"a.py": "x = 1\n"}, {"a.py": SHELL}, {}, ["shell-injection"]),
        ({"a.py": SHELL}, {"a.py": SHELL + SHELL.replace("def run", "def again")}, {}, ["shell-injection"]),
        ({"a.py": SHELL}, {"a.py": "# above\n" + SHELL}, {}, []),
        ({"a.py": SHELL}, {"b.py": SHELL + "x = 1\n"}, {"b.py": "a.py"}, []),
        ({"a.py": SHELL}, {"a.py": SHELL.replace("def run", "def other")}, {}, []),
        ({}, {"a.py": MUTABLE}, {}, []),
        ({"a.py": SHELL}, {}, {}, []),
        ({}, {"a.txt": SHELL}, {}, []),
    ],
)
def test_only_new_security_findings_fail(
    base: dict[str, str], head: dict[str, str], renamed: dict[str, str], rules: list[str]
) -> None:
    result = _run(base, head, renamed)
    failing = [f.rule for f in result.findings if f.severity.rank >= Severity.MEDIUM.rank]
    assert failing == rules
    assert result.state is (State.FAILED if rules else State.PASSED)
    assert all(rule in result.reason for rule in rules)


def test_what_is_below_the_threshold_is_a_hint() -> None:
    change = made({}, {"a.py": SHELL, "b.py": MUTABLE})
    result = security.run(change, Asked(threshold=Severity.CRITICAL))
    assert (result.state, result.reason) == (State.PASSED, "")
    assert [f.rule for f in result.findings] == ["shell-injection"]
    assert result.facts["other findings"].startswith("1 ")
    assert security.run(change, Asked(disable=("shell-injection",))).findings == ()
    assert security.run(change, Asked(exclude=("a.py",))).findings == ()


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        (".env", f"A=1\nGITHUB_TOKEN={GITHUB}\n", 2),
        ("notes.md", f"Use {GITHUB} to log in\n", 1),
        ("deploy.yml", f"aws_access_key_id: {AWS}\n", 1),
        ("app.js", f'const slack = "{SLACK}";\n', 1),
        ("conf.toml", f'[pay]\nkey = "{STRIPE}"\n', 2),
        ("index.html", f"<script>init('{GOOGLE}')</script>\n", 1),
        ("request.http", f"Authorization: Bearer {JWT}\n", 1),
        ("server.pem", "x\n" + KEY, 2),
        ("account.json", '{"private_key": "' + KEY.replace("\n", "\\n") + '"}\n', 1),
        ("a.py", f"# the old one was {GITHUB}\n", 1),
        ("settings.yaml", f"db:\n  password: '{PASSWORD}'\n", 2),
        ("db.ini", f"[db]\npassword = {PASSWORD}\n", 2),
        ("Dockerfile", f"FROM x\nENV DB_PASSWORD={PASSWORD}\n", 2),
        ("c.json", f'{{"user": "u", "dbPassword": "{PASSWORD}"}}\n', 1),
        ("main.tf", 'api_key = "q8Zr5XvT2mLp9KwBn4Yd"\n', 1),
    ],
)
def test_a_secret_in_any_file_fails_and_is_not_shown(path: str, text: str, line: int) -> None:
    result = _run({}, {path: text})
    found = [f for f in result.findings if f.rule == "hard-coded-secret"]
    assert [(f.line, f.severity.rank >= 3) for f in found] == [(line, True)]
    assert result.state is State.FAILED
    shown = repr(result)
    assert not any(piece[6:] in shown for piece in (GITHUB, AWS, SLACK, STRIPE, GOOGLE, JWT, PASSWORD, "Zr5XvT2mLp9K"))
    assert "MIIEpAIBAAKCAQ" not in shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".env", "GITHUB_TOKEN=ghp_" + "x" * 36 + "\n"),
        ("README.md", "Set `password: hunter2hunter2` or AKIA" + "IOSFODNN7EXAMPLE\n"),
        ("settings.yaml", "password: ${DB_PASSWORD}\n"),
        ("settings.yaml", "password: changeme\n"),
        ("settings.yaml", "token: {{ secrets.TOKEN }}\n"),
        ("ci.yml", "  password: ${{ secrets.PYPI_TOKEN }}\n"),
        ("a.js", "const token = getToken(request.headers);\n"),
        ("a.js", "const password = form.elements.password.value9;\n"),
        ("a.js", "if (apiKey == options.apiKey2) {}\n"),
        ("package-lock.json", '"integrity": "sha512-q8Zr5XvT2mLp9KwBn4Yd7JcHf3Gs6A=="\n'),
        ("uv.lock", 'hash = "sha256:9fKq2mZx7Lw4Rt8Vb3Ny6Pc1"\n'),
        ("Makefile", "TOKEN := $(shell cat token)\n"),
        ("app.json", '{"password_field": "t7Gq!x92LmBv"}\n'),
        ("i18n/de.json", '{"password": "Kennwort eingeben"}\n'),
        ("a.sh", 'export API_KEY="$(pass show api/key1)"\n'),
        ("server.pem", "-----BEGIN CERTIFICATE-----\n" + "MIIEpAIBAAKCAQEAx7Gk2qPz9fLmWv4RtYb8Ns3Jd6Hc1Ke5\n" * 4),
        ("id_rsa.pub", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7vK2mZx7Lw4Rt8Vb3Ny6Pc1 ann@example.org\n"),
        ("data.bin", "\0" + GITHUB + "\n"),
    ],
)
def test_what_looks_like_a_secret_and_is_none_passes(path: str, text: str) -> None:
    assert _run({}, {path: text}).findings == ()


@pytest.mark.parametrize(
    ("path", "severity"),
    [("tests/data/x.env", "info"), ("examples/x.env", "low"), (".env.example", "low"), ("src/x.env", "critical")],
)
def test_tests_and_examples_are_hints(path: str, severity: str) -> None:
    result = _run({}, {path: f"T={GITHUB}\n"})
    assert [f.severity for f in result.findings] == [severity]
    assert (result.state is State.FAILED) == (severity == "critical")


def test_a_secret_that_was_there_is_not_new() -> None:
    text = f"T={GITHUB}\n"
    assert _run({"x.env": text}, {"x.env": "A=1\n" + text}).findings == ()
    assert _run({"x.env": text}, {"y.env": "A=1\n" + text}, {"y.env": "x.env"}).findings == ()
    assert len(_run({"x.env": text}, {"x.env": text + "U" + text}).findings) == 1


@pytest.mark.parametrize(
    ("base", "head", "state"),
    [
        ("x = 1\n", "x = 1\n#\0\n", State.FAILED),
        (None, "x = " + "(" * 5_000 + ")" * 5_000 + "\n", State.PASSED),
        (None, "x = " + "-" * 100_000 + "1\n", State.FAILED),
        (None, "x = " + "[" * 90 + "]" * 90 + "\n", State.PASSED),
        (None, "def (:\n", State.PASSED),
        ("#\0\n", "#\0\n\n", State.PASSED),
        (None, "x = '" + "a" * 1_900_000 + "'\n", State.PASSED),
    ],
)
def test_what_cannot_be_analysed_any_more_fails(base: str | None, head: str, state: State) -> None:
    result = _run({"a.py": base} if base else {}, {"a.py": head})
    assert result.state is state
    assert ("not analysed: a.py" in result.reason) == (state is State.FAILED)


def test_hostile_text_takes_no_time() -> None:
    header = "-----BEGIN PRIVATE KEY-----" + "a: " * 20_000
    long = "password=" * 50_000 + "x"
    result = _run({}, {"a.env": header, "b.env": long, "c.yaml": 'token: "' * 30_000})
    assert (result.state, result.reason) == (State.PASSED, "")


LATER = "# above\n"
MENDED = SHELL.replace("f'ls {name}', shell=True", "['ls', name]")


@pytest.mark.parametrize(
    ("before", "base", "head", "new", "back"),
    [
        ({"a.py": SHELL}, {"a.py": MENDED}, {"a.py": SHELL}, [], [("a.py", 5)]),
        ({"a.py": SHELL}, {"a.py": LATER + MENDED}, {"a.py": LATER + SHELL}, [], [("a.py", 6)]),
        ({"a.py": SHELL}, {}, {"a.py": SHELL}, [], [("a.py", 5)]),
        ({"x.env": f"T={GITHUB}\n"}, {"x.env": "\n"}, {"x.env": f"A=1\nT={GITHUB}\n"}, [], [("x.env", 2)]),
        ({"a.py": MENDED}, {"a.py": MENDED}, {"a.py": SHELL}, [("a.py", 5)], []),
        ({}, {"a.py": MENDED}, {"a.py": SHELL}, [("a.py", 5)], []),
        ({"x.env": "A=1\n"}, {"x.env": "\n"}, {"x.env": f"A=1\nT={GITHUB}\n"}, [("x.env", 2)], []),
        (
            {"a.py": SHELL, "b.py": MENDED},
            {"a.py": MENDED, "b.py": MENDED},
            {"a.py": SHELL, "b.py": SHELL},
            [("b.py", 5)],
            [("a.py", 5)],
        ),
        (
            {"a.py": SHELL},
            {"a.py": MENDED},
            {"a.py": SHELL + SHELL.replace("def run", "def again").replace("name", "other")},
            [("a.py", 10)],
            [("a.py", 5)],
        ),
    ],
)
def test_what_a_revert_brings_back_is_told_and_does_not_fail(
    before: dict[str, str],
    base: dict[str, str],
    head: dict[str, str],
    new: list[tuple[str, int]],
    back: list[tuple[str, int]],
) -> None:
    """What is neither on the base nor in the tree before fails as ever."""
    result = security.run(made(base, head), Asked(before=made(before, head)))
    assert [(f.file, f.line) for f in result.findings if f.severity.rank >= Severity.MEDIUM.rank] == new
    assert [(f.file, f.line) for f in result.brought_back] == back
    assert result.state is (State.FAILED if new else State.PASSED)
    assert all(f"{file}:{line}" in result.facts["brought back by the revert"] for file, line in back)
    assert security.run(made(base, head), Asked()).state is State.FAILED


def test_a_hint_stays_a_hint_when_it_comes_back() -> None:
    asked = Asked(threshold=Severity.CRITICAL, before=made({"a.py": SHELL}, {"a.py": SHELL}))
    result = security.run(made({"a.py": MENDED}, {"a.py": SHELL}), asked)
    assert (len(result.findings), result.brought_back) == (1, ())
    assert "brought back by the revert" not in result.facts
