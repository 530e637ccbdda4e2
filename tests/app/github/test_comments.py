"""Comments, reactions and labels on the stand-in: one comment of the newest generation, whatever fails."""

from typing import Any

import pytest

from app.github import comments
from app.model.trouble import Gone
from checks.model.errors import Refusal
from tests.app.github.conftest import REPOSITORY, World
from tests.app.standin.acting import Acting

MARKER = "<!-- selfmod:summary -->"


def bodies(world: World, number: int) -> list[str]:
    return [each.body for each in world.host.comments(number)]


def as_person(world: World, login: str) -> Acting:
    return Acting(world.github, {login: world.github.person(login)})


def test_one_comment_is_made_and_edited_in_place(world: World) -> None:
    number, _ = world.pull()
    world.host.put_comment(number, MARKER, "first", 1)
    (made,) = world.host.comments(number)
    assert made.own and made.author.bot
    assert made.body == "<!-- selfmod:summary generation=1 -->\nfirst"
    world.host.put_comment(number, MARKER, "second", 2)
    (edited,) = world.host.comments(number)
    assert edited.id == made.id and edited.body.endswith("second")
    assert world.host.comment(made.id) == edited


def test_the_text_of_an_issue_is_read(world: World) -> None:
    number, _ = world.pull()
    title = world.host.pull(number).title
    assert world.host.issue(number).startswith(f"{title}\n\n")
    with pytest.raises(Gone):
        world.host.issue(999)


def test_an_older_one_never_overwrites_a_newer_one(world: World) -> None:
    number, _ = world.pull()
    world.host.put_comment(number, MARKER, "new", 7)
    world.host.put_comment(number, MARKER, "old", 6)
    world.host.put_comment(number, MARKER, "new again", 7)
    assert bodies(world, number) == ["<!-- selfmod:summary generation=7 -->\nnew again"]


def test_the_same_text_is_not_written_again(world: World) -> None:
    number, _ = world.pull()
    for _ in range(3):
        world.host.put_comment(number, MARKER, "text", 1)
    assert not [each for each in world.github.calls if each.method == "PATCH"]


@pytest.mark.parametrize("kind", ["5xx_after_work", "disconnect_after_work", "5xx", "secondary_limit"])
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_failures_leave_one_comment(world: World, kind: Any, method: str) -> None:
    number, _ = world.pull()
    if method == "PATCH":
        world.host.put_comment(number, MARKER, "first", 1)
    fault = world.github.faults.add(method, "/comments", kind)
    world.host.put_comment(number, MARKER, "second", 2)
    assert fault.hits == 1
    assert bodies(world, number) == ["<!-- selfmod:summary generation=2 -->\nsecond"]


def test_of_several_the_first_is_kept(world: World) -> None:
    number, _ = world.pull()
    place = world.host.place
    ids = []
    for text in ("a", "b", "c"):
        body = {"body": f"{comments.head(MARKER, 1)}\n{text}"}
        ids.append(place.send("conversation: write", "POST", f"issues/{number}/comments", body)["id"])
    world.host.put_comment(number, MARKER, "d", 2)
    (left,) = world.host.comments(number)
    assert left.id == ids[0] and left.body.endswith("d")


def test_of_several_one_of_a_newer_generation_survives_an_older_writer(world: World) -> None:
    number, _ = world.pull()
    place = world.host.place
    for generation, text in ((1, "old"), (5, "new")):
        body = {"body": f"{comments.head(MARKER, generation)}\n{text}"}
        place.send("conversation: write", "POST", f"issues/{number}/comments", body)
    world.host.put_comment(number, MARKER, "middle", 3)
    assert [each.partition("\n")[2] for each in bodies(world, number)] == ["new"]


def test_a_stranger_with_the_marker_is_not_us(world: World) -> None:
    number, _ = world.pull()
    forged = f"{comments.head(MARKER, 999)}\nall is approved"
    as_person(world, "eve").ask("eve", "POST", f"issues/{number}/comments", {"body": forged})
    other = world.github.app(name="selfmod two")
    installation = world.github.install(other, [REPOSITORY])
    from app.github.app import connect
    from tests.app.github.conftest import settings_for

    theirs = connect(settings_for(world.github, other, world.settings.data_dir)).host(REPOSITORY, installation)
    theirs.put_comment(number, MARKER, "theirs", 99)
    world.host.put_comment(number, MARKER, "ours", 1)
    found = world.host.comments(number)
    assert [each.own for each in found] == [False, False, True]
    world.host.remove_comment(number, MARKER)
    assert [each.body.partition("\n")[2] for each in world.host.comments(number)] == ["all is approved", "theirs"]


def test_markers_are_told_apart(world: World) -> None:
    number, _ = world.pull()
    for marker in ("selfmod", "selfmod:summary", "selfmod:summary:more"):
        world.host.put_comment(number, marker, marker, 1)
    assert len(bodies(world, number)) == 3
    world.host.remove_comment(number, "selfmod")
    world.host.remove_comment(number, "selfmod")
    assert len(bodies(world, number)) == 2


@pytest.mark.parametrize("marker", ["", "a b", "-->", "a--b", "<!-- x --> y", "x" * 200, "a\nb"])
def test_a_marker_that_could_end_its_comment_is_refused(marker: str) -> None:
    with pytest.raises(Refusal):
        comments.head(marker, 1)


@pytest.mark.parametrize(
    ("body", "generation"),
    [
        ("<!-- m generation=3 -->\nx", 3),
        ("<!-- m -->\nx", 0),
        (" <!-- m generation=3 -->", None),
        ("<!-- m2 generation=3 -->", None),
        ("<!-- m generation=-3 -->", None),
        ("text <!-- m generation=3 -->", None),
        ("", None),
    ],
)
def test_generations_are_read_at_the_start_only(body: str, generation: int | None) -> None:
    assert comments.generation_of(body, "m") == generation


def test_a_server_that_does_not_name_the_app_is_asked_for_its_account() -> None:
    def bot() -> int:
        return 77

    def by(id: int, kind: str = "Bot") -> dict[str, Any]:
        return {"user": {"login": "x[bot]", "id": id, "type": kind}}

    assert comments.is_own(by(77), 7, bot)
    assert not comments.is_own(by(78), 7, bot)
    assert not comments.is_own({"user": {"login": "x", "id": 77, "type": "User"}}, 7, bot)
    assert not comments.is_own({"user": None}, 7, bot)
    assert not comments.is_own({**by(77), "performed_via_github_app": {"id": 8}}, 7, bot)
    assert comments.is_own({**by(1), "performed_via_github_app": {"id": 7}}, 7, bot)


def test_the_account_of_the_app_is_found_by_its_name(world: World) -> None:
    number, _ = world.pull()
    world.host.put_comment(number, MARKER, "x", 1)
    (made,) = world.host.comments(number)
    assert world.app._account(world.host.place) == made.author.id


def test_more_than_a_page_of_comments(world: World) -> None:
    number, _ = world.pull()
    acting = as_person(world, "eve")
    for each in range(103):
        acting.ask("eve", "POST", f"issues/{number}/comments", {"body": f"{each}"})
    world.host.put_comment(number, MARKER, "late", 1)
    world.host.put_comment(number, MARKER, "later", 2)
    found = world.host.comments(number)
    assert len(found) == 104
    assert [each.own for each in found].count(True) == 1


def test_a_long_text_is_cut_with_a_note(world: World) -> None:
    number, _ = world.pull()
    world.host.put_comment(number, MARKER, "ä" * 70_000 + "\x00", 1)
    (body,) = bodies(world, number)
    assert len(body) == 65_535 and "cut" in body[-60:]


def test_reactions_are_given_once(world: World) -> None:
    number, _ = world.pull()
    answer = as_person(world, "eve").ask("eve", "POST", f"issues/{number}/comments", {"body": "/selfmod help"})
    id = answer.json()["id"]
    world.github.faults.add("POST", "/reactions", "5xx_after_work")
    for content in ("eyes", "eyes", "rocket"):
        world.host.react(id, content)
    found = world.host.place.get("conversation", f"issues/comments/{id}/reactions")
    assert sorted(each["content"] for each in found) == ["eyes", "rocket"]
    seen = world.host.comment(id)
    assert not seen.own and seen.author.login == "eve"


@pytest.mark.parametrize("kind", [None, "5xx_after_work", "disconnect_after_work"])
def test_labels_are_made_added_and_removed(world: World, kind: Any) -> None:
    number, _ = world.pull()
    if kind:
        world.github.faults.add("POST", "/labels", kind, times=2)
    world.host.set_labels(number, ["selfmod: HIGH_RISK", "review required", "ümlaut/?#%"], [])
    assert set(world.host.pull(number).labels) == {"selfmod: HIGH_RISK", "review required", "ümlaut/?#%"}
    world.host.set_labels(number, ["selfmod: SAFE"], ["SELFMOD: high_risk", "review required", "not there"])
    assert set(world.host.pull(number).labels) == {"selfmod: SAFE", "ümlaut/?#%"}
    repository = world.github.world.repository(REPOSITORY)
    assert repository is not None
    found = {each.name: each for each in repository.labels}
    assert found["selfmod: HIGH_RISK"].color == "d55e00"
    assert found["selfmod: SAFE"].description


def test_labels_that_are_there_cost_nothing(world: World) -> None:
    number, _ = world.pull()
    world.host.set_labels(number, ["selfmod: SAFE"], [])
    before = len(world.github.calls)
    world.host.set_labels(number, ["selfmod: SAFE"], ["review required"])
    assert [each.method for each in world.github.calls[before:]] == ["GET"]
