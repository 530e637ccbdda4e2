"""Merges on the stand-in: at once, by GitHub itself, and never another commit than the one that was meant."""

import pytest

from app.model.forge import Landed
from app.model.trouble import Superseded
from tests.app.github.conftest import REPOSITORY, World
from tests.app.standin.acting import Acting


def required(world: World) -> None:
    """The gate of this App is required on main, and auto-merge is allowed."""
    found = world.github.world.repository(REPOSITORY)
    assert found is not None
    found.settings["allow_auto_merge"] = True
    acting = Acting(world.github, {"ann": world.github.person("ann")})
    checks = [{"context": "selfmod/gate", "app_id": world.credentials.app_id}]
    body = {
        "required_status_checks": {"strict": False, "contexts": [], "checks": checks},
        "enforce_admins": True,
        "required_pull_request_reviews": None,
        "restrictions": None,
    }
    acting.ask("ann", "PUT", "branches/main/protection", body)


def test_it_merges_at_once_and_twice_is_as_once(world: World) -> None:
    number, head = world.pull()
    first = world.host.merge(number, head, "squash", "feat: it\nand more")
    assert first.what is Landed.MERGED
    assert first.commit == world.base
    assert world.host.merge(number, head, "squash") == first
    pull = world.host.pull(number)
    assert pull.merged
    assert pull.merge_commit == first.commit


def test_another_head_is_never_merged(world: World) -> None:
    number, head = world.pull()
    world.github.push(REPOSITORY, "topic", {"shop.py": "x = 9\n"}, by="bob")
    before = world.base
    for way in (world.host.merge, world.host.arm):
        with pytest.raises(Superseded):
            way(number, head, "squash")
    assert world.base == before


def test_a_closed_one_is_not_merged(world: World) -> None:
    number, head = world.pull()
    world.host.close_pull(number)
    for way in (world.host.merge, world.host.arm):
        with pytest.raises(Superseded):
            way(number, head, "squash")


def test_what_is_required_and_missing_makes_it_wait(world: World) -> None:
    required(world)
    number, head = world.pull()
    landing = world.host.merge(number, head, "squash")
    assert landing.what is Landed.WAITS
    assert "required" in landing.why.casefold() or "status check" in landing.why.casefold()


def test_armed_it_waits_and_disarmed_it_does_not(world: World) -> None:
    required(world)
    number, head = world.pull()
    assert world.host.arm(number, head, "squash").what is Landed.ARMED
    assert world.host.arm(number, head, "squash").what is Landed.ARMED
    assert world.host.pull(number).armed
    assert world.host.disarm(number)
    assert not world.host.disarm(number)
    assert not world.host.pull(number).armed


def test_what_could_be_merged_already_is_merged_in_place_of_arming_it(world: World) -> None:
    number, head = world.pull()
    found = world.github.world.repository(REPOSITORY)
    assert found is not None
    found.settings["allow_auto_merge"] = True
    assert world.host.arm(number, head, "merge").what is Landed.MERGED


def test_a_repository_without_auto_merge_says_so(world: World) -> None:
    required(world)
    found = world.github.world.repository(REPOSITORY)
    assert found is not None
    found.settings["allow_auto_merge"] = False
    number, head = world.pull()
    landing = world.host.arm(number, head, "squash")
    assert landing.what is Landed.WAITS
    assert "not allowed" in landing.why


def test_a_conflict_waits(world: World) -> None:
    number, head = world.pull("one", {"shop.py": "x = 2\n"})
    other, theirs = world.pull("two", {"shop.py": "x = 3\n"})
    world.host.merge(other, theirs, "squash")
    assert world.host.merge(number, head, "squash").what is Landed.WAITS
