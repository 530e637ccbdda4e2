"""Lines about webhooks, for answers that a stand-in does not give."""

from typing import Any

import pytest

from app.cli.doctor import hooks
from app.github.app import Attempt, Hook
from app.model.forge import Sent
from app.model.trouble import Gone
from app.settings import ServerSettings
from checks.model.errors import Refusal

PAGE = "https://github.com/settings/apps/selfmod"
WELL = Hook("https://s.acme.example/webhooks/github", "json", signed=True, insecure=False)


class Told:
    """An App that says of its webhooks what it is given."""

    def __init__(self, hook: Hook | Exception = WELL, attempts: tuple[Attempt, ...] | Exception = ()) -> None:
        self.hook = hook
        self.tried = attempts

    def hook_config(self) -> Hook:
        if isinstance(self.hook, Exception):
            raise self.hook
        return self.hook

    def attempts(self, since: float) -> tuple[Attempt, ...]:
        if isinstance(self.tried, Exception):
            raise self.tried
        return self.tried


def settings(public_url: str = "https://s.acme.example") -> ServerSettings:
    return ServerSettings(database_url="sqlite:///x", data_dir="/none", public_url=public_url)  # type: ignore[arg-type]  # made a path


def configured(hook: Hook | Exception, public_url: str = "https://s.acme.example") -> list[tuple[str, str]]:
    app: Any = Told(hook)
    return [(each.state.value, each.seen) for each in hooks.configured(app, settings(public_url), PAGE)]


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        (WELL, [("ok", "GitHub sends to https://s.acme.example/webhooks/github")]),
        (Gone("404"), [("failed", "its address cannot be read: 404")]),
        (Refusal("no"), [("failed", "its address cannot be read: no")]),
    ],
)
def test_the_address(hook: Hook | Exception, expected: list[tuple[str, str]]) -> None:
    assert configured(hook) == expected


def test_what_makes_a_webhook_unsafe() -> None:
    found = configured(Hook(WELL.url, "form", signed=False, insecure=True))
    assert [state for state, _ in found] == ["ok", "failed", "failed", "warning"]
    loopback = Hook("http://127.0.0.1:8000/webhooks/github", "json", signed=True, insecure=True)
    assert configured(loopback, "http://127.0.0.1:8000") == [("ok", f"GitHub sends to {loopback.url}")]


def test_an_unknown_public_address_is_a_warning() -> None:
    assert [state for state, _ in configured(WELL, "")] == ["warning"]


def attempt(number: int, ok: bool, status: str) -> Attempt:
    return Attempt(Sent(number, f"guid-{number}", "push", 100.0 - number), ok, status)


@pytest.mark.parametrize(
    ("attempts", "state", "says", "remedy"),
    [
        ((), "warning", "none in a day", "Open a pull request"),
        (Gone("no"), "warning", "cannot be read", "Advanced"),
        ((attempt(1, True, "202"),), "ok", "1 of 1", ""),
        ((attempt(1, True, "202"), attempt(2, False, "502")), "warning", "1 × 502", "by itself"),
        ((attempt(1, False, "401"), attempt(2, True, "202")), "failed", "1 × 401", "SELFMOD_WEBHOOK_SECRET differ"),
    ],
)
def test_deliveries(attempts: tuple[Attempt, ...] | Exception, state: str, says: str, remedy: str) -> None:
    app: Any = Told(attempts=attempts)
    (line,) = hooks.delivered(app, now=100.0)
    assert line.state.value == state
    assert says in line.seen and remedy in line.remedy


def test_the_server_is_not_looked_for_without_an_address() -> None:
    assert list(hooks.reachable(settings(""))) == []
