"""Reverts, branches and descriptions on the stand-in; each can be asked for twice."""

from app.github.landing import reverting
from tests.app.github.conftest import REPOSITORY, World


def content(world: World, ref: str) -> bytes | None:
    return world.host.file("shop.py", ref)


def test_a_merged_one_is_taken_back_once(world: World) -> None:
    number, head = world.pull()
    world.host.merge(number, head, "squash")
    first = world.host.revert_pull(number, 'Revert "it"', "because")
    again = world.host.revert_pull(number, 'Revert "it"', "because")
    assert first is not None
    assert again is not None
    assert first.number == again.number != number
    assert content(world, first.head) == b"x = 1\n"
    assert (first.title, first.body, first.own) == ('Revert "it"', "because", True)
    assert world.host.pull(first.number).own


def test_one_that_is_not_merged_or_conflicts_gives_none(world: World) -> None:
    number, head = world.pull()
    assert world.host.revert_pull(number, "Revert", "") is None
    world.host.merge(number, head, "squash")
    other, theirs = world.pull("later", {"shop.py": "x = 'later'\n"})
    world.host.merge(other, theirs, "squash")
    assert world.host.revert_pull(number, "Revert", "") is None


def test_title_and_body_are_replaced(world: World) -> None:
    number, _ = world.pull()
    world.host.edit_pull(number, "fix: one\nline", "said")
    pull = world.host.pull(number)
    assert (pull.title, pull.body) == ("fix: one line", "said")


def test_a_branch_moves_only_from_where_it_was_expected(world: World) -> None:
    number, head = world.pull()
    base = world.base
    assert not world.host.move_branch("topic", base, head) or world.host.branch("topic") == head
    assert not world.host.move_branch("topic", "0" * 40, base)
    assert world.host.branch("topic") == head
    newer = world.github.push(REPOSITORY, "topic", {"shop.py": "x = 5\n"}, by="bob")
    assert world.host.move_branch("topic", newer, head)
    assert world.host.move_branch("topic", newer, head)
    assert world.host.pull(number).head == head


def test_a_branch_that_is_gone_is_no_fault(world: World) -> None:
    world.pull()
    for _ in range(2):
        reverting.delete_branch(world.host.place, "topic")
    assert world.host.branch("topic") is None


def test_a_strangers_pull_request_from_a_branch_of_that_name_is_not_taken_for_it(world: World) -> None:
    number, head = world.pull()
    world.host.merge(number, head, "squash")
    world.pull(f"revert-{number}-topic", {"evil.py": "x = 1\n"})
    assert world.host.revert_pull(number, 'Revert "it"', "") is None
