"""The configuration in force: of the target branch at one commit, on top of the organisation's."""

from collections.abc import Callable

import pytest

from app.workflows.reviewing import configured
from app.workflows.reviewing.configured import InForce, in_force, organisation, repository
from checks.configuration.approvals import Mode
from checks.model.errors import Refusal
from checks.repository.snapshot import of_commit
from checks.settings import ORGANISATION
from tests.pulls.worlds import World

type Make = Callable[..., World]
PLACE = ".github/selfmod.yml"


def force(world: World, branch: str = "main") -> InForce:
    tip = world.host.branch(branch)
    assert tip
    return in_force(world.host, world.git.root, tip, branch)


@pytest.mark.parametrize(
    ("own", "above", "mode", "shown"),
    [
        ("mode: enforce\n", "", Mode.ENFORCE, ""),
        ("", "", Mode.OBSERVE, f" (no {PLACE}: the defaults)"),
        ("", "mode: propose\n", Mode.PROPOSE, f" (no {PLACE}: the defaults), on top of acme/.github/selfmod.yml"),
        ("mode: enforce\n", "mode: observe\n", Mode.ENFORCE, ", on top of acme/.github/selfmod.yml"),
    ],
)
def test_the_repositorys_own_lies_on_top(make: Make, own: str, above: str, mode: Mode, shown: str) -> None:
    world = make(own)
    if above:
        world.host.organisation["selfmod.yml"] = above.encode()
    found = force(world)
    assert found.settings.mode is mode
    assert found.shown() == f"main@{found.commit[:10]}{shown}"


def test_it_is_that_of_the_commit_and_no_other(make: Make) -> None:
    world = make("mode: enforce\n")
    before = force(world)
    world.configure("mode: observe\n")
    assert force(world).settings.mode is Mode.OBSERVE
    assert in_force(world.host, world.git.root, before.commit, "main").settings.mode is Mode.ENFORCE
    assert any(each.path == PLACE for each in before.tree.files)


@pytest.mark.parametrize(
    ("own", "above", "said"),
    [
        ("mode: x\n", "", f"{PLACE}, line 1"),
        ("\n\nmod: observe\n", "", f"{PLACE}, line 3"),
        ("mode: enforce\n", "mode: x\n", "acme/.github/selfmod.yml, line 1"),
        ("a: &a [*a]\n", "", PLACE),
    ],
)
def test_what_is_not_valid_is_refused_with_its_place(make: Make, own: str, above: str, said: str) -> None:
    world = make(own)
    if above:
        world.host.organisation["selfmod.yml"] = above.encode()
    with pytest.raises(Refusal) as refused:
        force(world)
    assert said in refused.value.reason


def test_a_link_is_no_configuration(make: Make) -> None:
    world = make()
    world.git.put("real.yml", "mode: observe\n")
    (world.git.root / ".github").mkdir(exist_ok=True)
    (world.git.root / PLACE).symlink_to("../real.yml")
    world.git.commit()
    with pytest.raises(Refusal, match="no regular file"):
        force(world)


@pytest.mark.parametrize(("own", "expected"), [("mode: observe\n", b"mode: observe\n"), ("", None)])
def test_the_repositorys_layer(make: Make, own: str, expected: bytes | None) -> None:
    world = make(own)
    tip = world.host.branch("main")
    assert tip
    found = repository(of_commit(world.git.root, tip))
    assert (found.content if found else None) == expected


def test_the_first_place_of_the_organisation_counts(make: Make) -> None:
    world = make()
    assert organisation(world.host) is None
    for place in reversed(ORGANISATION):
        world.host.organisation[place] = place.encode()
        found = organisation(world.host)
        assert found is not None
        assert (found.content, found.place) == (place.encode(), f"acme/.github/{place}")


def test_what_the_files_say_is_told_with_its_place_and_within_bounds(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make(f"mode: enforce\nreview: {{exclude: [{'x' * 290}, {'y' * 290}]}}\n")
    world.host.organisation["selfmod.yml"] = b"limits: {files: 7}\n"
    told = {key: (value, place) for key, value, place in force(world).unusual()}
    assert told["mode"] == ("enforce", f"{PLACE}:1")
    assert told["limits.files"] == ("7", "acme/.github/selfmod.yml:1")
    assert max(len(value) for value, _ in told.values()) == configured.LONGEST
    assert not any(key.startswith("sandbox") for key in told)
    monkeypatch.setattr(configured, "MOST", 1)
    assert len(force(world).unusual()) == 1
