"""An organisation's configuration beneath a repository's."""

import pytest

from checks.configuration.layers import Layer
from checks.model.errors import Refusal
from checks.settings import layered

OURS, THEIRS = ".github/selfmod.yml", "acme/.github: selfmod.yml"


def made(lower: str | None, upper: str | None):
    layers = [None if text is None else Layer(text.encode(), place) for text, place in ((lower, THEIRS), (upper, OURS))]
    return layered(*layers)


def origins(lower: str | None, upper: str | None) -> dict[str, str]:
    return {".".join(map(str, where)): str(origin) for where, origin in made(lower, upper).origins()}


def test_the_repositorys_word_counts_key_by_key() -> None:
    lower = "mode: enforce\napprovals:\n  high_risk: 3\n  critical: 4\nallowed_folders: [src/]\n"
    upper = "approvals:\n  high_risk: 4\nallowed_folders: [lib/, tests/]\n"
    settings = made(lower, upper).told()
    assert settings.mode == "enforce"
    assert (settings.approvals.high_risk, settings.approvals.critical) == (4, 4)
    assert settings.allowed_folders == ("lib/", "tests/")
    found = origins(lower, upper)
    assert found["mode"] == f"{THEIRS}:1"
    assert found["approvals.high_risk"] == f"{OURS}:2"
    assert found["approvals.critical"] == f"{THEIRS}:4"
    assert found["allowed_folders"] == f"{OURS}:3"
    assert found["approvals.medium_risk"] == "default"


@pytest.mark.parametrize(
    ("lower", "upper", "mode"),
    [
        (None, None, "observe"),
        ("mode: propose", None, "propose"),
        (None, "mode: propose", "propose"),
        ("mode: propose", "", "propose"),
        ("", "mode: enforce", "enforce"),
        ("review:\n  threshold: high\nmode: propose", "review:\n", "propose"),
    ],
)
def test_either_may_be_missing_or_empty(lower: str | None, upper: str | None, mode: str) -> None:
    assert made(lower, upper).told().mode == mode


@pytest.mark.parametrize(
    ("lower", "upper", "said"),
    [
        ("mode: x", "mode: observe", f"{THEIRS}, line 1: mode: 'x' is not valid."),
        ("mode: observe", "\nmod: observe", f"{OURS}, line 2: unknown key 'mod'."),
        ("- a", None, f"{THEIRS} holds no keys."),
        ("mode: &a observe", "mode: *a", f"{OURS}, line 1:"),
    ],
)
def test_a_fault_has_its_file_and_line(lower: str | None, upper: str | None, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        made(lower, upper).told()
    assert str(refusal.value).startswith(said)


def test_what_only_does_not_go_together_names_both() -> None:
    found = made("approvals:\n  high_risk: 9\n  critical: 9\n", "approvals:\n  critical: 3\n")
    with pytest.raises(Refusal, match=r"together with acme/\.github: selfmod\.yml: .*critical"):
        found.told()
    assert found.faults[0][0] == OURS


def test_all_faults_of_both_files_are_told() -> None:
    found = made("mode: x\nlimits:\n  files: 0\n", "auto_apply_threshold: HIGH_RISK\n")
    assert [place for place, _ in found.faults] == [THEIRS, THEIRS, OURS]
