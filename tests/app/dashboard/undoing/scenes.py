"""A proposal of selfmod's that was merged at the stand-in, with its record and its gate's check run."""

from dataclasses import dataclass

from app.model.forge import CheckRun, Conclusion
from app.model.modification import Modification, Sort, Status
from app.store import records
from app.store.proposed import modifications
from app.views import gate
from tests.app.dashboard.samples import document
from tests.forges import REPOSITORY, Forge


@dataclass(frozen=True)
class Merged:
    """`record` is the identifier of the judged commit, `made` what was proposed."""

    number: int
    head: str
    record: str
    made: Modification


def merged(forge: Forge) -> Merged:
    pull = forge.pull("selfmod/fix/rates")
    head = pull.head
    judged = records.Record(REPOSITORY, pull.number, pull.base_sha, head, "", document(), finished=1_795_957_331.0)
    record = records.put(forge.store, judged)
    run = CheckRun(gate.NAME, head, f"pull:{pull.number}:{head}:", "LOW_RISK", "Said.", conclusion=Conclusion.SUCCESS)
    forge.host.put_run(run)
    forge.host.merge(pull.number, head, "squash")
    made = Modification(
        REPOSITORY,
        Sort.FIX,
        "selfmod/fix/rates",
        "main",
        "Mend it",
        base=pull.base_sha,
        head=head,
        number=pull.number,
        status=Status.APPLIED,
    )
    return Merged(pull.number, head, record, modifications.put(forge.store, made))
