"""`selfmod doctor` from its settings to its exit code, against the stand-in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.model.registration import EVENTS, PERMISSIONS
from tests.app.github.conftest import REPOSITORY, Asked, Given, Scripted, World
from tests.commands import selfmod

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]
LEAST = {each.name: each.access for each in PERMISSIONS}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox is tried where `selfmod sandbox probe` is tested; here it takes seconds and tells nothing new."""
    from app.cli.doctor import machine
    from app.cli.doctor.line import ok

    monkeypatch.setattr(machine, "sandbox", lambda: iter((ok("sandbox", "bubblewrap"),)))


def told(at: Path, *arguments: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """The exit code, and the lines by what they are about."""
    ran = selfmod("doctor", "--json", *arguments, at=at)
    document = json.loads(ran.out)
    lines: dict[str, list[dict[str, str]]] = {}
    for each in document["lines"]:
        lines.setdefault(each["what"], []).append(each)
    assert ran.code == {"ok": 0, "warning": 1, "failed": 2}[document["state"]]
    for each in document["lines"]:
        assert (each["state"] == "ok") == (not each["remedy"])
    return ran.code, lines


def test_all_is_well(settings: World, scripted: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = scripted(lambda asked: Given(200, {"status": "ok"}))
    monkeypatch.setenv("SELFMOD_PUBLIC_URL", server.url)
    world = settings
    app = world.github.app(
        name="well", permissions=LEAST, events=[e.name for e in EVENTS], webhook_url=f"{server.url}/webhooks/github"
    )
    world.github.install(app, [REPOSITORY])
    deliver(world, app)
    for name, value in (
        ("SELFMOD_APP_ID", str(app.app_id)),
        ("SELFMOD_PRIVATE_KEY", app.private_key),
        ("SELFMOD_WEBHOOK_SECRET", app.webhook_secret),
    ):
        monkeypatch.setenv(name, value)
    require_gate(world, app.app_id)
    code, lines = told(tmp_path, "--repo", REPOSITORY)
    assert code == 0, lines
    assert set(lines) == {
        "settings",
        "sandbox",
        "database",
        "GitHub",
        "credentials",
        "permissions",
        "events",
        "installations",
        "webhook",
        "deliveries",
        "sign-in",
        "server",
        REPOSITORY,
    }
    assert "nobody signs in" in lines["sign-in"][0]["seen"]
    assert not (tmp_path / "data").exists()  # whoever asks may be another user than the server is
    text = selfmod("doctor", "--repo", REPOSITORY, at=tmp_path).text
    assert "requires selfmod/gate of this App" in text
    for secret in (app.webhook_secret, app.private_key.splitlines()[1]):
        assert secret not in text


@pytest.mark.parametrize(("own", "state"), [(True, "ok"), (False, "warning")])
def test_a_client_id_that_is_another_apps_is_told(
    settings: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: bool, state: str
) -> None:
    monkeypatch.setenv("SELFMOD_CLIENT_ID", settings.credentials.client_id if own else "Iv23liOther")
    monkeypatch.setenv("SELFMOD_CLIENT_SECRET", settings.credentials.client_secret)
    monkeypatch.setenv("SELFMOD_PUBLIC_URL", "http://127.0.0.1:9")
    (line,) = told(tmp_path)[1]["sign-in"]
    assert line["state"] == state
    assert ("http://127.0.0.1:9/signed-in" if own else settings.credentials.client_id) in line["seen"]
    assert settings.credentials.client_secret not in json.dumps(line)
    monkeypatch.delenv("SELFMOD_PUBLIC_URL")
    assert "SELFMOD_PUBLIC_URL is not set" in told(tmp_path)[1]["sign-in"][0]["seen"]


def deliver(world: World, app: Any) -> None:
    """Waits until the delivery of the installation is over."""
    import time

    deadline = time.monotonic() + 20
    while not any(each.status_code for each in world.github.deliveries(app)):
        assert time.monotonic() < deadline


def require_gate(world: World, app: int | None) -> None:
    check: dict[str, Any] = {"context": "selfmod/gate"} | ({"integration_id": app} if app else {})
    rule = {
        "type": "required_status_checks",
        "parameters": {"strict_required_status_checks_policy": False, "required_status_checks": [check]},
    }
    body = {
        "name": "gate",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [rule],
    }
    from tests.app.standin.acting import Acting

    answer = Acting(world.github, {"ann": world.github.person("ann")}).ask("ann", "POST", "rulesets", body)
    assert answer.status_code == 201, answer.text


def test_settings_that_are_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFMOD_JOBS", "many")
    code, lines = told(tmp_path)
    assert code == 2
    assert "SELFMOD_JOBS" in lines["settings"][0]["seen"]
    assert set(lines) == {"settings", "sandbox"}


def test_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFMOD_DATA_DIR", str(tmp_path / "data"))
    code, lines = told(tmp_path)
    assert code == 2
    assert "/setup" in lines["credentials"][0]["remedy"]


def test_credentials_that_are_not_accepted(settings: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFMOD_APP_ID", "4711")
    code, lines = told(tmp_path)
    assert code == 2
    assert lines["credentials"][0]["state"] == "failed"
    assert "permissions" not in lines


def test_github_that_cannot_be_reached(settings: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setenv("SELFMOD_GITHUB_API_URL", "http://127.0.0.1:9")
    code, lines = told(tmp_path)
    assert code == 2
    assert "HTTPS_PROXY" in lines["GitHub"][0]["remedy"]


def test_what_the_app_lacks_or_has_too_much_of(settings: World, tmp_path: Path) -> None:
    world = settings
    registered = world.github.world.apps[world.credentials.app_id]
    registered.permissions = {"metadata": "read", "checks": "read", "administration": "write"}
    registered.events = ["push"]
    code, lines = told(tmp_path)
    assert code == 2
    lacking, more = lines["permissions"]
    assert "checks: write" in lacking["seen"] and "contents: write" in lacking["seen"]
    assert lacking["remedy"].endswith("/settings/apps/selfmod/permissions")
    assert "administration" in more["seen"] and more["state"] == "warning"
    assert "pull_request" in lines["events"][0]["seen"]


def test_an_installation_that_did_not_agree_yet(settings: World, tmp_path: Path) -> None:
    settings.github.world.installations[settings.installation].permissions.pop("members")
    _, lines = told(tmp_path)
    (line,) = lines["installations"]
    assert line["state"] == "failed" and "members: read" in line["seen"] and "acme" in line["seen"]


def test_an_app_that_is_installed_nowhere(settings: World, tmp_path: Path) -> None:
    settings.github.uninstall(settings.installation)
    code, lines = told(tmp_path, "--repo", REPOSITORY)
    assert lines["installations"][0]["remedy"].endswith("/apps/selfmod/installations/new")
    assert lines[REPOSITORY][0]["state"] == "failed"
    assert code == 2


def test_webhooks_that_go_elsewhere(settings: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFMOD_PUBLIC_URL", "http://127.0.0.1:9")
    assert "has none" in told(tmp_path)[1]["webhook"][0]["seen"]
    settings.github.hook_url(settings.credentials, "https://old.acme.example/webhooks/github")
    _, lines = told(tmp_path)
    assert "old.acme.example" in lines["webhook"][0]["seen"]
    assert "127.0.0.1:9/webhooks/github" in lines["webhook"][0]["seen"]
    assert lines["server"][0]["state"] == "failed"
    assert "selfmod serve" in lines["server"][0]["remedy"]


@pytest.mark.parametrize(
    ("pinned", "state", "says"),
    [(None, "failed", "anybody"), ("other", "failed", "another App"), ("none", "warning", "nothing holds")],
)
def test_a_gate_that_does_not_hold(settings: World, tmp_path: Path, pinned: str | None, state: str, says: str) -> None:
    if pinned != "none":
        other = settings.github.app(name="other")
        settings.github.install(other, [REPOSITORY])
        require_gate(settings, other.app_id if pinned else None)
    _, lines = told(tmp_path, "--repo", REPOSITORY)
    (line,) = lines[REPOSITORY]
    assert line["state"] == state and says in line["seen"]
    assert f"selfmod protect --repo {REPOSITORY}" in line["remedy"]
    assert f"{REPOSITORY}/settings/rules" in line["remedy"]


def test_a_name_that_is_no_repository(settings: World, tmp_path: Path) -> None:
    ran = selfmod("doctor", "--repo", "../..", at=tmp_path)
    assert ran.code == 2
    assert "is no repository" in ran.error
