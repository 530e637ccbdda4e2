"""The configuration of a repository: what holds, and what a person is told of a file that does not."""

import json

import jsonschema
import pytest
import yaml
from pathspec import GitIgnoreSpec

from checks import settings
from checks.model.errors import Refusal
from checks.model.findings import Severity
from checks.risk.cases import run
from checks.settings import Settings

GOOD = b"""
review:
  threshold: high
  exclude: ["docs/**", '*_pb2.py']
  disable:
    - B101
    - exception-swallowed
fix:
  exclude: [vendored/]
  disable: [mutable-default-argument]
"""


def test_every_key_is_read() -> None:
    read = settings.read(GOOD)
    assert read.review.threshold is Severity.HIGH
    assert read.review.exclude == ("docs/**", "*_pb2.py")
    assert read.review.disable == ("B101", "exception-swallowed")
    assert read.fix.exclude == ("vendored/",)
    assert read.fix.disable == ("mutable-default-argument",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"# nothing yet\n",
        b"---\n",
        b"review: {}\nfix: {}\n",
        b"null",
        b"review:\nfix:\n  disable:\nmodel:\n",
    ],
)
def test_what_is_not_said_has_its_default(content: bytes) -> None:
    assert settings.read(content) == settings.Settings()


def test_a_byte_order_mark_and_carriage_returns_are_no_fault() -> None:
    read = settings.read(b"\xef\xbb\xbfreview:\r\n  threshold: low\r\n")
    assert read.review.threshold is Severity.LOW


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"reviw: {}", "line 1: unknown key 'reviw'.  Did you mean 'review'?"),
        (b"review:\n  treshold: low", "line 2: unknown key 'review.treshold'.  Did you mean 'threshold'?"),
        (b"\n\nthreshold: low", "line 3: unknown key 'threshold'.  Did you mean 'review.threshold'?"),
        (b"exclude: []", "unknown key 'exclude'.  Did you mean 'review.exclude' or 'fix.exclude'?"),
        (b"zzz: 1", "unknown key 'zzz'.  Valid here: mode, auto_apply_threshold, review, fix, "),
        (
            b"review:\n  disable: [bare-exept]",
            "line 2: review.disable.0: there is no rule 'bare-exept'; did you mean 'bare-except'?.  "
            "All keys and their types: selfmod config schema",
        ),
        (b"fix:\n  zzz: 1", "line 2: unknown key 'fix.zzz'.  Valid here: exclude, disable, group."),
        (b"review:\n\n  threshold: hihg", "line 3: review.threshold: 'hihg' is not valid.  Did you mean 'high'?"),
        (b"review:\n  threshold: 7", "line 2: review.threshold: 7 is not valid.  Valid here: info, low, medium"),
        (b"review: {threshold: null}", "line 1: review.threshold: there is nothing here."),
        (b"review:\n  exclude: a", "line 2: review.exclude: this is to be a list"),
        (b"fix:\n  exclude:\n  - a\n  - 1", "line 4: fix.exclude.1: this is to be text"),
        (b"fix: {exclude: ['']}", "fix.exclude.0: this is empty"),
        (b"review: 1", "line 1: review: keys are to stand beneath it"),
        (b"review: [1]", "line 1: review: keys are to stand beneath it"),
        (b"- review", "holds no keys.  Begin with one of: mode, auto_apply_threshold, review, fix, "),
        (b"review", "holds no keys.  Begin with one of: mode, auto_apply_threshold, review, fix, "),
        (b"1: 2", "line 1: 1: a key is to be text"),
        (b"on: 1", "a key is to be text"),
        (b"? [a]\n: b", "line 1: a key is a word"),
        (b"{{}}", "line 1: a key is a word"),
        (b"fix: {}\nfix: {}", "line 2: the key 'fix' is given twice"),
        (b"review: &r {threshold: low}\nfix: *r", "line 2: aliases are not allowed"),
        (b"a: &a [*a]", "line 1: aliases are not allowed"),
        (b"review:\n  <<: {threshold: low}", "line 2: merge keys are not allowed"),
        (b"x: !!python/object/apply:os.system ['true']", "line 1: the tag 'tag:yaml.org,2002:python/object/apply"),
        (b"x: !!timestamp never", "the tag 'tag:yaml.org,2002:timestamp' is not allowed"),
        (b"x: !!bool perhaps", "the tag"),
        (b"x: !own 1", "line 1: the tag '!own' is not allowed"),
        (b"x: 2001-99-99", "line 1: unknown key 'x'"),
        (b"x: " + b"9" * 5000, "line 1: x: a number of that size is not allowed"),
        (b"[" * 30, "line 1: it is nested deeper than 20 levels"),
        (b"x: [1", "line 1: "),
        (b"review:\n\tthreshold: low", "line 2: found character '\\t' that cannot start any token"),
        (b"a: 1\n---\nb: 2", "line 2: but found another document"),
        (b"review:\n  exclude: ['\xe4']", "is not UTF-8 (byte 21)"),
        (b"a: \0", "special characters are not allowed"),
        (b"#" * 1_000_000, "has 1,000,000 bytes; 65,536 are allowed"),
    ],
)
def test_a_file_that_is_not_valid_is_told_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings.read(content)
    assert said in str(refused.value)
    assert str(refused.value).startswith(".github/selfmod.yml")
    assert refused.value.hint
    assert "\n" not in str(refused.value)


def test_another_place_is_named() -> None:
    with pytest.raises(Refusal, match=r"^other\.yml of main, line 1: "):
        settings.read(b"zzz: 1", "other.yml of main")


@pytest.mark.parametrize(
    ("content", "valid"),
    [
        (GOOD, True),
        (b"{}", True),
        (b"reviw: {}", False),
        (b"review: {threshold: hihg}", False),
        (b"review: {exclude: a}", False),
        (b"fix: {disable: [1]}", False),
        (b"mode: Enforce", False),
        (b"sandbox: {timeout: 3601}", False),
        (b"sandbox: {required: 1}", False),
        (b"allowed_commands: [curl]", False),
        (b"approvals: {high_risk: 1}", False),
        (b"approvals: {critical_teams: [acme/security]}", False),
        (b"dependency_bots: ['@a']", False),
        (b"risk: {thresholds: {SAFE: 1}}", False),
        (b"risk: {sensitive: [{paths: [a], level: SAFE}]}", False),
        (b"policy: [{name: a, if: {not: {pats: [a]}}, then: {level: CRITICAL}}]", False),
        (b"policy: [{name: a, if: {not: {paths: [a]}}, then: {level: CRITICAL}}]", True),
        (b"schedules: {fix: daily}", False),
        (b"schedules: {fix: '0 4 * * *'}", True),
        (b"model: {provider: openai}", False),
        (b"model: {provider: openai, name: a, key_variable: sk-abc}", False),
        (b"model: {provider: openai, name: a, key_variable: OPENAI_API_KEY}", True),
    ],
)
def test_the_schema_agrees(content: bytes, valid: bool) -> None:
    schema = json.loads(json.dumps(settings.json_schema()))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert jsonschema.Draft202012Validator(schema).is_valid(yaml.safe_load(content)) is valid
    assert (settings.inspect(content).value is not None) is valid


def test_every_key_is_described() -> None:
    schema = settings.json_schema()
    for section in (schema, *schema["$defs"].values()):
        for name, key in section.get("properties", {}).items():
            referred = schema["$defs"].get(key.get("$ref", "").rpartition("/")[2], {})
            assert key.get("description") or referred.get("description"), name


def test_every_key_of_the_top_has_an_example_that_is_valid_and_no_default() -> None:
    examples = settings.examples()
    assert [*Settings.model_fields, settings.CASES] == sorted(
        examples, key=[*Settings.model_fields, settings.CASES].index
    )
    for name in Settings.model_fields:
        read = settings.read(examples[name].encode())
        assert getattr(read, name) != getattr(Settings(), name)
        assert read == Settings().model_copy(update={name: getattr(read, name)})


def test_the_examples_are_one_valid_file_together_and_its_cases_pass() -> None:
    examples = settings.examples()
    cases = settings.read_cases(examples.pop(settings.CASES).encode())
    read = settings.read("".join(examples.values()).encode())
    assert [run(case, read.policy, read.risk).faults for case in cases.cases] == [()] * len(cases.cases)


def test_the_example_of_allowed_folders_does_what_it_says() -> None:
    patterns = settings.read(settings.examples()["allowed_folders"].encode()).allowed_folders
    spec = GitIgnoreSpec.from_lines(patterns)
    assert [path for path in ("src/a.py", "tests/a.py", "src/vendored/a.py", "setup.py") if spec.match_file(path)] == [
        "src/a.py",
        "tests/a.py",
    ]
