"""The straight line of a judgement: a change in; what validation observed, and how risky it is, out."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from checks.debugging import pool
from checks.debugging.cache import Cache
from checks.model.errors import Refusal
from checks.model.judged import Judged
from checks.model.outlook import Outlook
from checks.model.safety import Assessment, Level, Proposer
from checks.repository import git, history, owners
from checks.repository.change import Change
from checks.repository.changed import added_lines, removed_lines
from checks.repository.snapshot import Snapshot, of_commit
from checks.risk import apart
from checks.risk.evidence import Evidence
from checks.risk.outlook.portions import GRAVE, outlook
from checks.risk.policy import Applied, approvers, demanded, evaluate, guarded
from checks.risk.predicates import Facts
from checks.sandbox.choose import choose
from checks.sandbox.environment import Environment, find
from checks.settings import PLACE, Settings, read
from checks.validation.asked import Asked, Tested
from checks.validation.pipeline import Broke, validate

OUTLOOK = 20.0
"""Seconds after which no further part of a grave change is weighed by itself; what was weighed by then is told."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who proposes a change: `login` and `teams` (`org/team`) where they are known, `fixes` the rules whose fixes it
    consists of."""

    proposer: Proposer = Proposer.PERSON
    login: str | None = None
    teams: tuple[str, ...] | None = None
    fixes: tuple[str, ...] = ()


def configured(change: Change, target: str | None = None) -> Settings:
    """The configuration of the base: a change never decides how it is judged. With `target`, the revision that the
    change goes into, it is that of the target: where a change left it is chosen by whoever made the change. Raises
    Refusal for one not valid."""
    tree = change.base
    if target is not None and change.root is not None:
        tree = of_commit(change.root, history.resolve(change.root, target))
    return configured_in(tree)


def configured_in(tree: Snapshot) -> Settings:
    """The configuration that a tree holds, the defaults where it holds none. Raises Refusal for one not valid."""
    whose = f"{PLACE} of {(tree.commit or 'the base')[:10]}"
    if any(note.file == PLACE for note in tree.skipped):
        raise Refusal(f"{whose} is no regular file.", "Make it one on the base.")
    if not any(entry.path == PLACE for entry in tree.files):
        return Settings()
    try:
        return read(tree.read(PLACE), whose)
    except OSError as error:
        raise Refusal(f"{whose} cannot be read: {error.strerror}.", "Make it readable.") from None


def ready(
    settings: Settings,
    root: Path | None,
    python: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    environment: Environment | None = None,
) -> Tested:
    """The sandbox and the environment of the target as the configuration bounds them, or why there is none.

    `python` is an interpreter or a virtual environment that a person names; `environment` one that was made for the
    target, and then nothing is looked for. Raises Refusal where that is neither, or is
    committed in the repository: the change could then bring the judge of its own tests."""
    section = settings.sandbox
    tested = Tested(
        limits=section.limits(),
        quarantine=section.quarantined(),
        paths=section.paths,
        reruns=section.reruns,
        runners=tuple(each.value for each in settings.allowed_commands),
        cancelled=cancelled,
    )
    if environment is not None:
        pass
    elif python is not None:
        if root is not None and _committed(root, python):
            raise Refusal(
                f"{python} is committed in the repository.", "Name an environment that the change cannot edit."
            )
        environment = find(root, str(python))
    else:
        try:
            environment = find(root, shipped=lambda folder: root is not None and _committed(root, root / folder))
        except Refusal as refusal:
            return replace(tested, missing=str(refusal))
    try:
        return replace(tested, sandbox=choose(), environment=environment)
    except Refusal as refusal:
        return replace(tested, environment=environment, missing=str(refusal))


def _committed(root: Path, place: Path) -> bool:
    """Whether git tracks a path, or anything in the folder of the environment that it is the interpreter of."""
    if git.find_root(root) != root.resolve():
        return False
    here = Path(os.path.normpath(Path.cwd() / place))
    folder = here.parent.parent if here.parent.name == "bin" else here
    for each in {folder, folder.resolve()}:
        if each.is_relative_to(root) and each != root:
            inside = each.relative_to(root).as_posix()
            if git.output(root, "ls-files", "--cached", "-z", "--", inside):
                return True
    return False


def wanted(settings: Settings, who: Who, tested: Tested, cache: Cache | None = None) -> Asked:
    """What is asked of the stages."""
    return Asked(
        threshold=settings.review.threshold,
        exclude=settings.review.exclude,
        disable=settings.review.disable,
        proposer=who.proposer,
        folders=settings.allowed_folders,
        tested=tested,
        cache=cache,
    )


def judge(
    change: Change,
    settings: Settings,
    who: Who,
    tested: Tested,
    *,
    untested: str = "",
    cache: Cache | None = None,
    told: Callable[[str], None] = lambda stage: None,
    broke: Broke = lambda stage, identifier, error: None,
    before: Change | None = None,
) -> Judged:
    """Carries out all stages and weighs what they saw. `untested` says why the tests are not to run, empty where they
    are. `before` is, of a revert, the change from the tree before what it takes back to the same head. Raises Refusal
    for what no stage can begin with; a stage that breaks down is part of the verdict."""
    started = time.monotonic()
    skip = (("sandbox", untested),) if untested else ()
    asked = replace(wanted(settings, who, tested, cache), skip=skip, told=told, before=before)
    verdict = validate(change, asked, broke)
    more, less = added_lines(change), removed_lines(change)
    added, removed = sum(map(len, more.values())), sum(less.values())
    lines = {each.path: len(more.get(each.path, ())) + less.get(each.path, 0) for each in change.touched}
    applied = _applied(change, settings, who, added + removed)
    evidence = Evidence(
        change=change,
        verdict=verdict,
        proposer=who.proposer,
        fixes=who.fixes,
        demanded=demanded(applied),
        thresholds=settings.risk.thresholds.by_level(),
    )
    assessment = _assessment(evidence)
    return Judged(
        name=change.name,
        base=change.base_commit,
        head=change.head_commit,
        files=tuple(each.path for each in change.touched),
        added=added,
        removed=removed,
        verdict=verdict,
        assessment=assessment,
        seconds=time.monotonic() - started,
        approvers=approvers(applied),
        approvals=max((each.approvals for each in applied), default=0),
        rules=tuple((each.rule, each.why) for each in applied),
        seen=tuple(each.seen.plain() if each.seen else {} for each in applied),
        owned=any(entry.path in owners.PLACES and entry.size for entry in change.base.files),
        outlook=_outlook(evidence, assessment, settings, who, lines) if assessment.level in GRAVE else None,
    )


def _assessment(evidence: Evidence) -> Assessment:
    """Made by a worker, bounded in time and memory: the files of a change may have been written to break a parser."""
    for _, answer, why in pool.run([("the assessment", apart.pack(evidence))], apart.work, workers=1):
        return apart.unpack(answer) if answer is not None else apart.unassessed(evidence, why)
    return apart.unassessed(evidence, "it was not made")


def _outlook(
    evidence: Evidence, assessment: Assessment, settings: Settings, who: Who, lines: Mapping[str, int]
) -> Outlook:
    """What the change could be instead, and what is unusual about it: by workers too, and bounded as a whole. `lines`
    are the changed ones of each path: comparing them anew for each part could take minutes."""
    until = time.monotonic() + OUTLOOK

    def assess(asked: Sequence[Evidence]) -> list[Assessment | None]:
        found: list[Assessment | None] = [None] * len(asked)
        tasks = ((str(place), apart.pack(each)) for place, each in enumerate(asked) if time.monotonic() < until)
        for place, answer, _ in pool.run(tasks, apart.work, workers=1):
            found[int(place)] = None if answer is None else apart.unpack(answer)
        return found

    def demands(change: Change) -> tuple[tuple[str, Level], ...]:
        return demanded(_applied(change, settings, who, sum(lines[each.path] for each in change.touched)))

    told: tuple[str, ...] = ()
    for _, answer, _ in pool.run([("its history", apart.pack(evidence))], apart.history, workers=1):
        told = tuple(answer or ())
    return replace(outlook(evidence, assessment.level, assess, demands), unusual=told)


def _applied(change: Change, settings: Settings, who: Who, lines: int) -> tuple[Applied, ...]:
    """What the repository's own rules and its sensitive paths demand."""
    paths = tuple(sorted({path for each in change.touched for path in (each.path, each.was)}))
    facts = Facts(paths, who.login, who.teams, lines, len(change.touched), who.proposer)
    return (*guarded(settings.risk.sensitive, paths), *evaluate(settings.policy, facts))
