"""Pull requests on the stand-in: reading, forks, pages, opening, reviewers."""

from collections.abc import Callable
from typing import Any

import pytest

from app.github import pulls
from app.github.client import Client
from app.github.place import Place
from app.github.tokens import Tokens
from app.model.forge import Opinion
from app.model.trouble import Gone
from checks.model.errors import Refusal
from tests.app.github.conftest import REPOSITORY, Asked, Given, Scripted, World
from tests.app.standin.acting import Acting

type Make = Callable[[Callable[[Asked], Given | None]], Scripted]


def acting(world: World, *logins: str) -> Acting:
    return Acting(world.github, {login: world.github.person(login) for login in logins})


def test_a_pull_request_is_read(world: World) -> None:
    number, head = world.pull()
    pull = world.host.pull(number)
    assert (pull.number, pull.head, pull.head_ref, pull.base_ref, pull.base_sha) == (
        number,
        head,
        "topic",
        "main",
        world.base,
    )
    assert pull.repository == pull.head_repository == REPOSITORY
    assert pull.author.login == "bob" and not pull.author.bot
    assert pull.open and not pull.merged and not pull.draft and not pull.from_fork
    assert pull.url and pull.updated


def test_pull_requests_into_one_branch(world: World) -> None:
    world.github.push(REPOSITORY, "release", {"a.py": "1\n"}, by="bob")
    first, _ = world.pull()
    world.github.push(REPOSITORY, "more", {"b.py": "1\n"}, by="bob", parent="release")
    second = world.github.open_pull(REPOSITORY, "more", by="bob", base="release").number
    found = {base: [each.number for each in world.host.pulls("open", 5, base)] for base in ("", "main", "release", "x")}
    assert found == {"": [second, first], "main": [first], "release": [second], "x": []}


def test_a_server_that_knows_no_filter_gives_none_of_another_branch(scripted: Make, world: World) -> None:
    listed = [{"number": n, "base": {"ref": base}} for n, base in ((3, "main"), (2, "next"), (1, "main"))]

    def answer(asked: Asked) -> Given:
        if "access_tokens" in asked.path:
            return Given(201, {"token": "t", "expires_at": "2999-01-01T00:00:00Z"})
        return Given(200, listed)

    place = place_at(scripted(answer), world)
    assert [each.number for each in pulls.several(place, "open", 5, "main")] == [3, 1]


@pytest.mark.parametrize("number", [0, 99])
def test_one_that_is_not_there_is_gone(world: World, number: int) -> None:
    with pytest.raises(Gone):
        world.host.pull(number)


def test_a_repository_that_the_app_is_not_installed_on_is_refused_or_gone(world: World) -> None:
    world.github.repository("acme/secret", {"a": "b"}, private=True)
    with pytest.raises((Gone, Refusal)):
        world.app.host("acme/secret", world.installation).pull(1)
    with pytest.raises((Gone, Refusal)):
        world.app.host(REPOSITORY, 987654321).pull(1)


def test_a_fork_that_is_gone_leaves_a_pull_request(world: World) -> None:
    world.github.fork(REPOSITORY, "mallory")
    head = world.github.push("mallory/shop", "evil", {"shop.py": "x = 3\n"}, by="mallory")
    number = world.github.open_pull(REPOSITORY, "mallory:evil", by="mallory").number
    pull = world.host.pull(number)
    assert pull.from_fork and pull.head_repository == "mallory/shop" and pull.head == head


def test_all_pull_requests_of_a_head_are_found_those_of_forks_too(world: World) -> None:
    number, head = world.pull()
    world.github.fork(REPOSITORY, "mallory")
    moves = world.github.world.repository("mallory/shop")
    assert moves is not None
    moves.git.set_ref("refs/heads/copy", head)
    other = world.github.open_pull(REPOSITORY, "mallory:copy", by="mallory").number
    world.pull("more")
    assert {each.number for each in world.host.pulls_of(head)} == {number, other}
    assert world.host.pulls_of("0" * 40) == ()


def test_lists_are_bounded_and_the_newest_comes_first(world: World) -> None:
    numbers = [world.pull(f"b{each}")[0] for each in range(3)]
    assert [each.number for each in world.host.pulls()] == numbers[::-1]
    assert [each.number for each in world.host.pulls(most=2)] == numbers[:0:-1]
    acting(world, "bob").ask("bob", "PATCH", f"pulls/{numbers[0]}", {"state": "closed"})
    assert [each.number for each in world.host.pulls("closed")] == numbers[:1]
    assert len(world.host.pulls("all")) == 3


def test_commits_have_accounts_or_none(world: World) -> None:
    number, head = world.pull()
    head2 = world.github.push(REPOSITORY, "topic", {"a.py": "1\n"}, by="bob", author_email="nobody@acme.example")
    first, second = world.host.commits(number)
    assert (first.sha, second.sha) == (head, head2)
    assert first.author is not None and first.author.login == "bob"
    assert second.author is None


def many(count: int, compared: int) -> Callable[[Asked], Given]:
    """A pull request of `count` commits; the comparison has `compared` of them."""

    def commits(first: int, last: int) -> list[Any]:
        return [{"sha": f"{n:040x}", "author": {"login": "bob", "id": 1}} for n in range(first, last)]

    def answer(asked: Asked) -> Given:
        page = int(asked.path.rpartition("&page=")[2]) if "&page=" in asked.path else 1
        first, last = (page - 1) * 100, page * 100
        if "access_tokens" in asked.path:
            return Given(201, {"token": "t", "expires_at": "2999-01-01T00:00:00Z"})
        if "/compare/" in asked.path:
            return Given(200, {"commits": commits(first, min(last, compared))})
        if "/commits" in asked.path:
            return Given(200, commits(first, min(last, count, pulls.COMPARED)))
        return Given(200, {"commits": count, "base": {"sha": "a" * 40}, "head": {"sha": "b" * 40}})

    return answer


def place_at(server: Scripted, world: World) -> Place:
    client = Client(server.url)
    tokens = Tokens(client, world.credentials.app_id, world.credentials.private_key)
    return Place(client, tokens, REPOSITORY, 1)


@pytest.mark.parametrize("count", [249, 250, 420])
def test_all_commits_of_a_large_pull_request_are_seen(scripted: Make, world: World, count: int) -> None:
    found = pulls.commits(place_at(scripted(many(count, count)), world), 1)
    assert len(found) == count
    assert found[-1].sha == f"{count - 1:040x}"


def test_commits_that_github_does_not_show_are_refused(scripted: Make, world: World) -> None:
    with pytest.raises(Refusal, match="300 of the 420"):
        pulls.commits(place_at(scripted(many(420, 300)), world), 1)


def test_heads_are_looked_for_by_commit_beyond_the_bound(
    scripted: Make, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulls, "OPEN_AT_MOST", 100)
    head = "c" * 40

    def answer(asked: Asked) -> Given:
        if "access_tokens" in asked.path:
            return Given(201, {"token": "t", "expires_at": "2999-01-01T00:00:00Z"})
        if f"/commits/{head}/pulls" in asked.path:
            return Given(200, [{"number": 7, "state": "open", "head": {"sha": head}}])
        if f"/commits/{'d' * 40}/pulls" in asked.path:
            return Given(422, {"message": "No commit found for SHA"})
        return Given(200, [{"number": n, "state": "open", "head": {"sha": "e" * 40}} for n in range(100)])

    place = place_at(scripted(answer), world)
    assert [each.number for each in pulls.with_head(place, head)] == [7]
    assert pulls.with_head(place, "d" * 40) == ()


def test_reviews_come_in_order_with_their_commit(world: World) -> None:
    number, head = world.pull()
    people = acting(world, "ann", "eve")
    people.ask("eve", "POST", f"pulls/{number}/reviews", {"event": "COMMENT", "body": "hm"})
    people.ask("ann", "POST", f"pulls/{number}/reviews", {"event": "APPROVE"})
    found = world.host.reviews(number)
    assert [(each.person.login, each.opinion, each.commit) for each in found] == [
        ("eve", Opinion.COMMENTED, head),
        ("ann", Opinion.APPROVED, head),
    ]


@pytest.mark.parametrize("kind", [None, "5xx_after_work", "5xx", "disconnect_after_work"])
def test_a_pull_request_is_opened_once(world: World, kind: Any) -> None:
    world.github.push(REPOSITORY, "selfmod/fix", {"shop.py": "x = 5\n"}, by="bob")
    if kind:
        world.github.faults.add("POST", "/pulls$", kind)
    first = world.host.open_pull("selfmod/fix", "main", "fix:\nthe file", "body")
    again = world.host.open_pull("selfmod/fix", "main", "fix: the file", "body")
    assert first.number == again.number
    assert first.author.bot and first.title == "fix: the file"
    assert len(world.host.pulls()) == 1


def test_one_that_was_opened_in_between_is_taken(world: World) -> None:
    world.github.push(REPOSITORY, "selfmod/fix", {"shop.py": "x = 5\n"}, by="bob")
    fault = world.github.faults.add(
        "POST", "/pulls$", "before", do=lambda: world.github.open_pull(REPOSITORY, "selfmod/fix", by="bob")
    )
    found = world.host.open_pull("selfmod/fix", "main", "fix", "body")
    assert fault.hits == 1
    assert found.author.login == "bob"


def test_a_pull_request_that_github_refuses_for_good(world: World) -> None:
    with pytest.raises(Refusal):
        world.host.open_pull("no-such-branch", "main", "t", "b")


def test_reviewers_are_asked_once_and_whom_github_refuses_is_left_out(world: World) -> None:
    world.github.team("acme", "core", ["ann"], {REPOSITORY: "write"})
    number, _ = world.pull()
    world.host.request_reviewers(number, ["ann", "bob", "stranger", "ann"], ["acme/core", "acme/none"])
    assert set(world.host.pull(number).requested) == {"ann", "acme/core"}
    before = len(world.github.calls)
    world.host.request_reviewers(number, ["Ann", "bob"], ["acme/core"])
    assert not [each for each in world.github.calls[before:] if each.method == "POST" and "requested" in each.path]


def test_who_has_reviewed_is_not_asked_again_nor_its_team(world: World) -> None:
    world.github.team("acme", "core", ["ann"], {REPOSITORY: "write"})
    number, _ = world.pull()
    world.host.request_reviewers(number, ["ann"], ["acme/core"])
    acting(world, "ann").ask("ann", "POST", f"pulls/{number}/reviews", {"event": "APPROVE"})
    world.host.request_reviewers(number, ["ann"], ["acme/core"])
    assert "ann" not in world.host.pull(number).requested
    posts = [each for each in world.github.calls if each.method == "POST" and "requested" in each.path]
    assert len(posts) == 1
