"""What somebody ends while it is made anew stays ended; how it is made anew is tried with the verb (`test_propose`)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.model.forge import FileEdit
from app.model.job import Job, Kind
from app.model.modification import Modification, Sort, Status
from app.store.proposed import modifications
from app.workflows.proposing import propose
from app.workflows.proposing.rebasing import REBASE
from app.workflows.proposing.trial import Trial
from checks.fix import Fixes, Group, Selection, fix_tree
from checks.repository.scratch import folder
from tests.pulls.worlds import World

LOADS = "import yaml\n\n\ndef load(text):\n    return yaml.load(text, Loader=yaml.Loader)\n"
MENDED = "import yaml\n\n\ndef load(text):\n    return yaml.safe_load(text)\n"


def keys() -> tuple[str, ...]:
    """The fingerprints of the findings of LOADS in loads.py."""
    with folder() as place:
        (place / "loads.py").write_text(LOADS)
        fixes = fix_tree([place], Selection(), Group.RULE, None, lambda done, total: None)
    return tuple(each.finding.fingerprint for each in fixes.outcomes)


@pytest.mark.complete
@pytest.mark.parametrize("left", [LOADS, MENDED], ids=["moved", "nothing left"])
def test_what_is_rejected_while_it_is_tried_stays_rejected(
    make: Callable[..., World], monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    world = make("mode: propose\nallowed_commands: []\n", loads=LOADS)
    world.git.put("pyproject.toml", '[project]\nname = "shop"\nrequires-python = ">=3.12"\n')
    host, name, base = world.host, "selfmod/fix/yaml-load-without-safe-loader-00000000", world.git.commit()
    head = host.commit_files(name, base, [FileEdit("loads.py", MENDED.encode())], "Mend it")
    pull = host.open_pull(name, "main", "Mend it", "")
    made = Modification(host.repository, Sort.FIX, name, "main", "Mend it", base, head, pull.number, "ann", keys())
    rejected = replace(made, status=Status.REJECTED, reason="rejected by @ann: on purpose")
    modifications.put(world.store, made)
    world.git.put("loads.py", "# about loading\n" + left)
    world.git.commit()
    sure, asked = Trial.sure, []

    def meanwhile(trial: Trial, group: Group) -> Fixes:
        asked.append(group)
        modifications.put(world.store, rejected)
        host.close_pull(pull.number)
        return sure(trial, group)

    monkeypatch.setattr(Trial, "sure", meanwhile)
    world.run(propose.STEPS, Job(Kind.PROPOSE, host.repository, 5, pull.number, reason=REBASE, again="rebase-1"))
    assert asked
    now = modifications.get(world.store, made.id)
    assert now is not None
    assert (now.status, now.reason) == (rejected.status, rejected.reason)
    assert host.branch(name) == head
