"""A proposal of selfmod's that was merged at the stand-in, with its record and its gate's check run; and a server that
shows it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.model.forge import CheckRun, Conclusion
from app.model.modification import Modification, Sort, Status
from app.settings import ServerSettings
from app.standin.server import StandIn
from app.store import records
from app.store.proposed import modifications
from app.views import gate, links
from tests.app.cli.serving.processes import settings, started
from tests.app.dashboard.samples import document
from tests.forges import REPOSITORY, Forge, connected


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


@dataclass(frozen=True)
class Stage:
    """A server in a process of its own, which people sign in to."""

    forge: Forge
    case: Merged
    settings: ServerSettings

    @property
    def page(self) -> str:
        return links.details_url(self.settings, self.case.record)

    def said(self) -> str:
        """What the gate's check run says now."""
        runs = [each for each in self.forge.repository.runs if each.name == gate.NAME]
        return str(runs[-1].output.get("summary", ""))


@contextmanager
def staged(folder: Path, host: str = "127.0.0.1") -> Iterator[Stage]:
    """`host` is what browsers call the server: another name than the stand-in's makes the two strangers."""
    with StandIn(folder / "github") as github:
        forge = connected(github, folder)
        case = merged(forge)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        public = f"http://{host}:{port}"
        github.callback_urls(forge.credentials, f"{public}/signed-in")
        named = {
            "SELFMOD_PUBLIC_URL": public,
            "SELFMOD_CLIENT_ID": forge.credentials.client_id,
            "SELFMOD_CLIENT_SECRET": forge.credentials.client_secret,
        }
        with started(settings(github, forge.credentials, folder) | named, "serve", "--port", port) as server:
            server.ready()
            yield Stage(forge, case, forge.settings.model_copy(update={"public_url": public}))
            assert forge.credentials.client_secret not in server.log and "ghu_" not in server.log
        forge.store.close()
        forge.app.close()
        assert set(github.unknown) <= {"GET /favicon.ico"}  # asked for by a browser, not by us
