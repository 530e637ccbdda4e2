"""The App as a whole on the stand-in: who it is, where it is installed, what was not delivered."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from app.github.app import App, connect
from app.github.faults import Rejected
from app.model.registration import PERMISSIONS
from app.model.trouble import Gone, Unavailable
from app.workflows.host import Forge, Host
from checks.model.errors import Refusal
from tests.app.github.conftest import REPOSITORY, Asked, Given, Scripted, World

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]


def test_it_is_what_workflows_ask_for(world: World) -> None:
    forge: Forge = world.app
    host: Host = forge.host(REPOSITORY, world.installation)
    assert host.repository == REPOSITORY
    assert host.app_id == world.credentials.app_id
    assert host.default_branch() == "main"


def test_without_credentials_it_says_where_to_get_them(world: World) -> None:
    for change in ({"app_id": None}, {"private_key": SecretStr("")}):
        with pytest.raises(Refusal, match="/setup"):
            connect(world.settings.model_copy(update=change))


@pytest.mark.parametrize(
    "name", ["acme", "acme/", "/shop", "../..", "acme/..", "a/b/c", "acme/shop.git", "acme/s?x", ""]
)
def test_a_name_that_is_none_never_becomes_a_path(world: World, name: str) -> None:
    with pytest.raises(Refusal):
        world.app.host(name, world.installation)
    with pytest.raises(Refusal):
        world.app.installation_of(name)


def test_who_it_is(world: World) -> None:
    found = world.app.registered()
    assert found.id == world.credentials.app_id
    assert found.slug == "selfmod"
    assert found.permissions["checks"] == "write"
    assert world.app.permissions() == found.permissions
    assert abs(world.app.clock() or 0.0) < 30


def test_credentials_that_are_not_accepted(world: World) -> None:
    wrong = connect(world.settings.model_copy(update={"app_id": world.credentials.app_id + 1}))
    with pytest.raises(Rejected, match="doctor"):
        wrong.registered()


def test_installations_and_their_repositories(world: World) -> None:
    world.github.repository("acme/other", {"a": "b"})
    world.github.repository("zoe/tool", {"a": "b"})
    world.github.install(world.credentials, ["acme/other"])
    second = world.github.install(world.credentials, ["zoe/tool"], permissions={"metadata": "read"})
    assert {each.account for each in world.app.installations()} == {"acme", "zoe"}
    found = dict(world.app.repositories(world.installation))
    assert set(found) == {REPOSITORY, "acme/other"}
    assert all(world.app.identity(name, world.installation) == (number, name) for name, number in found.items())
    assert [name for name, _ in world.app.repositories(second)] == ["zoe/tool"]
    assert world.app.installation_of("zoe/tool") == second
    granted = {each.installed.account: each for each in world.app.granted()}
    assert granted["zoe"].permissions == {"metadata": "read"}
    world.github.repository("zoe/secret", {"a": "b"})
    with pytest.raises(Gone):
        world.app.installation_of("zoe/secret")


def test_more_than_a_page_of_repositories(world: World) -> None:
    names = [f"acme/r{number}" for number in range(104)]
    for name in names:
        world.github.repository(name)
    world.github.install(world.credentials, names)
    assert len(world.app.repositories(world.installation)) == 105


def test_deliveries_that_failed_are_found_and_sent_again(world: World) -> None:
    """Nobody listens at the App's address: all fail."""
    since = time.time() - 3_600
    world.pull()
    deadline = time.monotonic() + 20
    while not any(each.event == "pull_request" for each in world.app.deliveries(since)):
        assert time.monotonic() < deadline
    lost = world.app.deliveries(since)
    assert [each.at for each in lost] == sorted(each.at for each in lost)
    one = next(each for each in lost if each.event == "pull_request")
    world.app.redeliver(one.id)
    deadline = time.monotonic() + 20
    while not [each for each in world.app.deliveries(since) if each.guid == one.guid and each.id != one.id]:
        assert time.monotonic() < deadline  # of two failed attempts only the later one counts
    assert world.app.deliveries(time.time() + 60) == ()


def test_where_webhooks_go(world: World) -> None:
    world.github.hook_url(world.credentials, "http://127.0.0.1:1/webhooks/github")
    hook = world.app.hook_config()
    assert hook.url == "http://127.0.0.1:1/webhooks/github"
    assert hook.signed and not hook.insecure and hook.content_type == "json"


def test_a_server_that_is_not_there_is_unavailable(world: World) -> None:
    gone = connect(world.settings.model_copy(update={"api_url": "http://127.0.0.1:9"}), wait=lambda seconds: None)
    with pytest.raises(Unavailable, match="cannot be reached"):
        gone.registered()


def test_no_secret_is_in_what_is_told_of_calls(world: World) -> None:
    world.host.default_branch()
    world.host.local(world.base)
    secrets = (*world.app.tokens.secrets(), world.credentials.private_key, world.credentials.webhook_secret)
    assert len(secrets) >= 4
    for call in world.calls:
        assert not any(secret in repr(call) for secret in secrets)
    assert {each.outcome for each in world.calls} == {"ok"}


def test_no_purpose_fails_with_the_permissions_of_the_registration(world: World) -> None:
    """The App asks for no more than `registration` says: everything works with just that."""
    registered = {each.name: each.access for each in PERMISSIONS}
    app = world.github.app(name="least", permissions=registered)
    installation = world.github.install(app, [REPOSITORY])
    from tests.app.github.conftest import settings_for

    host = connect(settings_for(world.github, app, world.settings.data_dir)).host(REPOSITORY, installation)
    number, head = world.pull()
    assert host.pull(number).head == head
    host.put_comment(number, "m", "x", 1)
    host.set_labels(number, ["selfmod: SAFE"], [])
    host.request_reviewers(number, ["ann"], [])
    assert host.local(head).is_dir()
    assert host.required("main").known
    assert host.runs(head) == ()


def attempt(number: int, guid: str, code: int, at: str) -> dict[str, Any]:
    return {"id": number, "guid": guid, "event": "push", "status_code": code, "status": "x", "delivered_at": at}


PAGES = {
    "": [attempt(9, "a", 202, "2026-01-05T00:00:00Z"), attempt(8, "b", 202, "2026-01-04T00:00:00Z")],
    "two": [attempt(7, "c", 502, "2026-01-03T00:00:00.5Z"), attempt(6, "b", 500, "2026-01-02T12:00:00Z")],
    "three": [attempt(5, "c", 0, "2026-01-02T00:00:00Z"), attempt(4, "d", 404, "2026-01-01T00:00:00Z")],
    "four": [attempt(3, "old", 500, "2025-01-01T00:00:00Z"), attempt(2, "odd", 500, "never")],
}
"""The newest come first; `b` was brought by a later attempt, `c` failed twice, `old` is from before."""
SINCE = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def paged(scripted: Make, world: World) -> App:
    """An App whose deliveries lie on several pages."""
    following = dict(zip(PAGES, [*list(PAGES)[1:], ""], strict=True))

    def answer(asked: Asked) -> Given:
        cursor = asked.path.rpartition("cursor=")[2] if "cursor=" in asked.path else ""
        more = following[cursor]
        link = {"link": f'<http://x/app/hook/deliveries?per_page=100&cursor={more}>; rel="next"'} if more else {}
        return Given(200, PAGES[cursor], link)

    return connect(world.settings.model_copy(update={"api_url": scripted(answer).url}))


def test_deliveries_of_all_pages_are_weighed_together(paged: App, caplog: pytest.LogCaptureFixture) -> None:
    assert [(each.id, each.guid) for each in paged.deliveries(SINCE)] == [(4, "d"), (7, "c")]
    assert len(paged.attempts(SINCE)) == 6
    assert not caplog.records


def test_deliveries_that_are_too_many_are_told_of(
    paged: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.github.app.DELIVERIES", 3)
    assert [each.sent.id for each in paged.attempts(SINCE)] == [9, 8, 7]
    told = "more than 3 deliveries since 2026-01-01T00:00:00+00:00: those before 2026-01-03T00:00:00+00:00 were not"
    assert told in caplog.text
    caplog.clear()
    monkeypatch.setattr("app.github.app.DELIVERIES", 6)
    assert len(paged.attempts(SINCE)) == 6
    assert not caplog.records, "it ended there by itself"
