import pytest

from app.views import onboarding
from app.views.onboarding import Row, Seen
from checks import settings
from checks.configuration.approvals import Mode


@pytest.mark.parametrize(
    "seen",
    [
        Seen(),
        Seen(("src", "tests")),
        Seen((), ("renovate[bot]", "our-bot[bot]")),
        Seen(("lib", "test"), ("dependabot[bot]",)),
    ],
)
def test_what_is_offered_is_valid_and_observes(seen: Seen) -> None:
    read = settings.read(onboarding.configuration(seen).encode())
    assert read.mode is Mode.OBSERVE
    if seen.folders:
        assert read.allowed_folders == tuple(f"{each}/**" for each in seen.folders)
    if seen.bots:
        assert read.dependency_bots == seen.bots


def test_the_body_shows_the_preview_and_what_could_not_be_judged() -> None:
    rows = [
        Row(12, "Close the file", "MEDIUM_RISK", "1 approval: anybody with write access", "MEDIUM_RISK: stages."),
        Row(11, "Evil | title @everyone #1 <img src=x>", "CRITICAL", "2 approvals: admins", "CRITICAL: paths: `a|b`."),
    ]
    body = onboarding.body(rows, ["pull request 9: its fork is gone"], "ann")
    assert "| #12 Close the file | MEDIUM&#95;RISK |" in body or "| #12 Close the file | MEDIUM_RISK |" in body
    assert "@everyone" not in body
    assert "<img" not in body
    assert "Evil &#124; title" in body
    assert "<summary>Not judged: 1</summary>" in body


def test_without_earlier_pull_requests_the_body_says_so() -> None:
    assert "there is no earlier pull request to look at" in onboarding.body([], [], "ann")
