"""What is said of unknown keys and values of the wrong kind, at any depth."""

import pytest

from checks import settings
from checks.configuration.explain import MOST
from checks.settings import Settings
from tests.configurations import told


def hint(text: str) -> str:
    (fault,) = settings.inspect(text.encode()).faults
    return f"{fault.line}: {fault.reason}  {fault.hint}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mode: observe", "1: unknown key 'Mode'.  Did you mean 'mode'?"),
        ("auto-apply-threshold: SAFE", "1: unknown key 'auto-apply-threshold'.  Did you mean 'auto_apply_threshold'?"),
        ("thresholds: {}", "1: unknown key 'thresholds'.  Did you mean 'risk.thresholds'?"),
        ("timeout: 3", "1: unknown key 'timeout'.  Did you mean 'sandbox.timeout'?"),
        ("sandbox:\n  timout: 3", "2: unknown key 'sandbox.timout'.  Did you mean 'timeout'?"),
        ("risk:\n  thresholds:\n    HIGH: 3", "3: unknown key 'risk.thresholds.HIGH'.  Did you mean 'HIGH_RISK'?"),
        (
            "risk:\n  sensitive:\n  - paths: [a]\n    team: []",
            "4: unknown key 'risk.sensitive.0.team'.  Did you mean 'teams'?",
        ),
        ("approvals: {hihg_risk: 2}", "1: unknown key 'approvals.hihg_risk'.  Did you mean 'high_risk'?"),
        ("merge: {metod: squash}", "1: unknown key 'merge.metod'.  Did you mean 'method'?"),
        ("limits: {per-hour: 2}", "1: unknown key 'limits.per-hour'.  Did you mean 'per_hour'?"),
        ("schedules: {healt: x}", "1: unknown key 'schedules.healt'.  Did you mean 'health'?"),
        (
            "model: {provider: openai, name: x, url: y}",
            "1: unknown key 'model.url'.  Did you mean 'base_url'?",
        ),
        (
            "policy:\n- name: a\n  if:\n    any:\n    - pats: [a]\n      lines_over: 1\n  then: {approvals: 1}",
            "5: unknown key 'policy.0.if.any.0.pats'.  Did you mean 'paths'?",
        ),
        (
            "policy:\n- name: a\n  if: {not: {author: ['@a'], lines_over: 1}}\n  then: {approvals: 1}",
            "3: unknown key 'policy.0.if.not.author'.  Did you mean 'authors'?",
        ),
        (
            "policy:\n- name: a\n  if_: {lines_over: 1}\n  if: {lines_over: 1}\n  then: {approvals: 1}",
            "3: unknown key 'policy.0.if_'.  Did you mean 'if'?",
        ),
        ("mode: Enforce", "1: mode: 'Enforce' is not valid.  Did you mean 'enforce'?"),
        ("mode: [a]", "1: mode: ['a'] is not valid.  Valid here: observe, propose, enforce."),
        (
            "model: {provider: openai, name: x, zzz: y}",
            "1: unknown key 'model.zzz'.  Valid here: provider, name, base_url, key_variable, max_tokens.",
        ),
        ("sk-abcdefgh1234: 1", "1: unknown key a key that looks like a secret.  Valid here: "),
    ],
)
def test_the_nearest_valid_key_at_any_depth(text: str, said: str) -> None:
    assert hint(text).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sandbox: {timeout: 1.5}", "YAML reads 1.5 as the number 1.5; this is to be a whole number"),
        ("sandbox: {timeout: yes}", "YAML reads yes as true; this is to be a whole number"),
        ("sandbox: {timeout: true}", "this is to be a whole number"),
        ("sandbox: {timeout: '5'}", "this is to be a whole number"),
        ("sandbox: {timeout: }", "there is nothing here; this is to be a whole number"),
        ("sandbox: {paths: [no]}", "YAML reads no as false; this is to be text; put it in quotes"),
        ("sandbox: {paths: [3.10]}", "YAML reads 3.10 as the number 3.1; this is to be text; put it in quotes"),
        ("sandbox: {paths: [4]}", "this is to be text; put it in quotes"),
        ("sandbox: {paths: {a: b}}", "this is to be a list, one entry a line, each with '- ' before it"),
    ],
)
def test_values_of_another_kind(text: str, said: str) -> None:
    assert said in told(text)[0]


def test_an_empty_list_and_an_empty_section_are_their_defaults() -> None:
    text = b"review:\nfix:\n  exclude:\n  disable:\nrisk:\n  sensitive:\npolicy:\nmodel:\nsandbox:\n  paths: ~\n"
    assert settings.read(text) == Settings()


@pytest.mark.parametrize("count", [MOST - 1, MOST, MOST + 1, 1000])
def test_at_most_so_many_faults_are_told(count: int) -> None:
    found = told("review:\n  exclude:\n" + "  - 1\n" * count)
    assert len(found) == min(count, MOST + 1)
    assert found[MOST:] == [f"0: has more than {MOST} faults; the others are not told."][: max(0, count - MOST)]


def test_faults_of_the_yaml_and_of_the_keys_are_told_together() -> None:
    assert told("sandbox:\n  timeout: 010\n  memry: 1\non: 1\nmode: x\nmode: y\n") == [
        "2: sandbox.timeout: YAML reads 010 as the number 8 (a number that begins with 0 is octal).",
        "3: unknown key 'sandbox.memry'.",
        "4: on: a key is to be text; YAML reads on as true.",
        "5: mode: 'y' is not valid.",
        "6: the key 'mode' is given twice, first on line 5.",
    ]
