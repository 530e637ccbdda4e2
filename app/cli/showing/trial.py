"""What the smoke test makes in somebody's repository, and how it takes all of it away again.

Everything happens between two branches of its own: one with a configuration, and one with faults, which a pull request
wants to merge into the first and selfmod mends. No other branch is written to. *Unverified* against github.com.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from app.cli.showing.person import Person
from app.cli.showing.scene import GATE, Fault, Fix, Scene, Skipped
from app.cli.showing.steps import STEPS
from app.cli.showing.walk import Step, Told
from app.github.faults import Rejected
from app.model.trouble import Gone, Unavailable
from checks.configuration.approvals import Mode
from checks.model.errors import Refusal
from checks.settings import PLACE

FOLDER = "selfmod_smoke"
_TOKENS = '''\
"""Tokens by which customers are known."""

import random


def token(length=32):
    """A new secret token."""
    return "".join(random.choice("0123456789abcdef") for _ in range(length))
'''
_ARCHIVE = '''\
"""Yesterday's orders, from the archive of the night."""

import tarfile


def restore(archive, folder):
    """Unpacks an archive into a folder."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder)
'''
_TEST = f"""\
from {FOLDER}.tokens import token


def test_a_token_is_as_long_as_asked_for():
    assert len(token(8)) == 8
"""
FILES = {
    f"{FOLDER}/__init__.py": '"""What selfmod smoke tries itself on; it goes away by itself."""\n',
    f"{FOLDER}/tokens.py": _TOKENS,
    f"{FOLDER}/archive.py": _ARCHIVE,
    f"{FOLDER}/test_tokens.py": _TEST,
}
ASKED = tuple(f"/selfmod fix {FOLDER}/{name}.py" for name in ("tokens", "archive"))


@dataclass(frozen=True, slots=True)
class Ground:
    """The two branches, named so that no other has the name."""

    base: str
    topic: str


def ground() -> Ground:
    """New names."""
    base = f"selfmod-smoke-{secrets.token_hex(4)}"
    return Ground(base, f"{base}-topic")


def plan(person: Person, approvers: tuple[Person, ...], place: Ground, default: str, api: str) -> str:
    """What will happen, for who has to agree."""
    others = ", ".join(f"@{each.login}" for each in approvers)
    return "\n".join(
        (
            f"selfmod smoke on {person.repository} at {api}, as @{person.login}"
            + (f", with {others} to approve." if others else "; nobody else to approve."),
            f"- It makes the branch {place.base} from {default}, with {PLACE} (mode: {Mode.ENFORCE.value}), and on top "
            f"of it {place.topic}, with {len(FILES)} small files in {FOLDER}/.",
            f"- It opens a pull request from the second into the first, and asks selfmod there: {', '.join(ASKED)}.",
            f"- Where the token may, it makes {place.topic} require {GATE}, so that selfmod merges into it.",
            "- It approves, merges, takes back, stops and resumes there.",
            f"- Nothing goes into {default}. In the end, whatever happens, its pull requests are closed and the "
            "branches deleted.",
        )
    )


def scene(person: Person, approvers: tuple[Person, ...], place: Ground, pace: float, limit: float) -> Scene:
    """The walk's scene: selfmod is asked on the pull request, and proposes into its branch."""
    fault = Fault("Try selfmod (this goes away by itself)", place.topic, FILES, f"{FOLDER}/tokens.py")
    fix = Fix(ASKED, on_issue=False, base=place.topic, held=False, why_not=f"{place.topic} does not yet")
    return Scene(person, approvers, place.base, fault, fix, pace=pace, limit=limit)


def prepare(person: Person, place: Ground, default: str) -> None:
    """Makes the first branch. The second is made by the walk."""
    config = {PLACE: f"mode: {Mode.ENFORCE.value}\n"}
    person.commit(place.base, config, "Configure selfmod for its smoke test", person.tip(default))


def protect(scene_: Scene, told: Told) -> None:
    """Makes the branch of the proposals require the gate of the App that reported on it."""
    one, branch = scene_.requester, scene_.fix.base
    gate = scene_.gate(scene_.pull)
    if gate is None or not gate.app:
        raise Skipped("which App reports the gate is not told")
    try:
        one.protect(branch, GATE, gate.app)
    except (Rejected, Gone) as error:
        why = f"@{one.login} may not protect a branch here ({error})"
        scene_.fix = replace(scene_.fix, held=False, why_not=why)
        raise Skipped(why) from None
    scene_.fix = replace(scene_.fix, held=True, why_not="")
    told.by(f"@{one.login}", f"makes {branch} require {GATE} of App {gate.app}")


SMOKE = (STEPS[0], Step("protect", "The branch requires the gate", protect), *STEPS[1:])


def sweep(person: Person, place: Ground) -> Iterator[str]:
    """Takes away what was made, and what selfmod made of it. Yields what is left, with why."""
    heads: list[str] = []
    for branch in (place.topic, place.base):
        try:
            for pull in person.pulls(branch):
                heads.append(pull.branch)
                if pull.open:
                    yield from _tried(f"pull request #{pull.number}", partial(person.close, pull.number))
        except (Gone, Unavailable, Refusal) as error:
            yield f"pull requests into {branch}: {error}"
        yield from _tried(f"the protection of {branch}", partial(person.unprotect, branch))
    for branch in dict.fromkeys((*heads, place.topic, place.base)):
        yield from _tried(f"the branch {branch}", partial(person.delete_branch, branch))


def _tried(what: str, do: Callable[[], object]) -> Iterator[str]:
    try:
        do()
    except Gone:
        return
    except (Unavailable, Refusal) as error:
        yield f"{what}: {error}"
