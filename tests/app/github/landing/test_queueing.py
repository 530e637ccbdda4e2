"""Taking out of the merge queue, on the stand-in."""

import pytest

from app.github.faults import Rejected
from app.github.landing import queueing
from app.github.place import Place
from app.model.forge import Grouped, Landed
from app.model.trouble import Gone
from tests.app.github.conftest import REPOSITORY, World
from tests.app.github.landing.test_merging import required


def test_it_is_taken_out_once(world: World) -> None:
    number, _ = world.pull()
    assert not world.host.dequeue(number)
    group = world.github.queue(REPOSITORY, number)
    assert world.host.groups() == (Grouped("main", number, group),)
    assert world.host.dequeue(number)
    assert not world.host.dequeue(number)
    assert world.host.groups() == ()


def test_what_is_not_there_is_gone(world: World) -> None:
    with pytest.raises(Gone):
        world.host.dequeue(4711)


def test_what_the_token_may_not_is_refused_and_changes_nothing(world: World) -> None:
    number, _ = world.pull()
    world.github.queue(REPOSITORY, number)
    there = world.github.world.installations[world.installation]
    there.permissions["merge_queues"] = "read"
    with pytest.raises(Rejected):
        world.host.dequeue(number)
    assert [each.number for each in world.host.groups()] == [number]


@pytest.mark.parametrize("after", [True, False])
def test_a_refusal_counts_where_it_is_still_there(world: World, after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else may have taken it out a moment before."""
    number, _ = world.pull()
    world.github.queue(REPOSITORY, number)
    ask = Place.graphql

    def refused(place: Place, purpose: str, query: str, variables: dict[str, object]) -> object:
        if query != queueing.DEQUEUE:
            return ask(place, purpose, query, variables)
        if after:
            ask(place, purpose, query, variables)
        raise Rejected(422, "no", "GitHub refused it: no")

    monkeypatch.setattr(Place, "graphql", refused)
    if after:
        assert world.host.dequeue(number)
    else:
        with pytest.raises(Rejected):
            world.host.dequeue(number)


def test_a_server_without_merge_queues_has_nothing_in_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number, _ = world.pull()
    said = "Field 'isInMergeQueue' doesn't exist on type 'PullRequest'"

    def unknown(*_: object) -> object:
        raise Rejected(422, said, f"GitHub refused it: {said}")

    monkeypatch.setattr(Place, "graphql", unknown)
    assert not world.host.dequeue(number)


def test_what_waits_in_the_queue_is_on_its_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    required(world)
    number, head = world.pull()
    world.host.arm(number, head, "squash")
    world.github.queue(REPOSITORY, number)
    assert not world.host.pull(number).armed
    ask = Place.graphql

    def refused(place: Place, purpose: str, query: str, variables: dict[str, object]) -> object:
        if "enablePullRequestAutoMerge" in query:
            raise Rejected(422, "already queued", "GitHub refused it: already queued to merge")
        return ask(place, purpose, query, variables)

    monkeypatch.setattr(Place, "graphql", refused)
    assert world.host.arm(number, head, "squash").what is Landed.ARMED
