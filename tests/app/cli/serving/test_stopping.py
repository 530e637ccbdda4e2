"""The emergency stop of a server as a process: by a comment, and by the command line beside it."""

from pathlib import Path

import httpx
import pytest

from app.github.app import connect
from app.model.forge import FileEdit, Landed
from app.settings import read
from app.standin.server import StandIn
from app.standin.state import Run
from tests.app.cli.serving.processes import SECRET, Serving, serving, settings
from tests.app.servers import until
from tests.commands import process

SHOP = "acme/shop"
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.12"\n',
    "cart.py": "def total(prices):\n    return sum(prices)\n",
    ".github/selfmod.yml": "mode: enforce\nallowed_commands: []\n",
}
PROTECTED = {
    "required_status_checks": {"strict": False, "contexts": ["selfmod/gate"]},
    "enforce_admins": True,
    "required_pull_request_reviews": None,
    "restrictions": None,
}


@pytest.mark.complete
def test_its_own_pull_request_is_stopped_disarmed_and_waits_afterwards(tmp_path: Path) -> None:
    with StandIn(tmp_path / "github") as github:
        github.organisation("acme", members=["bob"], admins=["ann"])
        github.repository(SHOP, FILES, collaborators={"ann": "admin", "bob": "write"})
        made = github.app(secret=SECRET)
        installation = github.install(made, [SHOP])
        env = settings(github, made, tmp_path)
        repository = github.world.repository(SHOP)
        assert repository is not None

        def ask(method: str, path: str, body: object) -> None:
            headers = {"authorization": f"Bearer {github.person('ann')}"}
            with httpx.Client(trust_env=False, timeout=30) as client:
                answer = client.request(method, f"{github.url}/repos/{SHOP}/{path}", json=body, headers=headers)
            assert answer.is_success, answer.text

        def gate(head: str) -> Run | None:
            with github.world.lock:
                return next(
                    (each for each in repository.runs if (each.name, each.head) == ("selfmod/gate", head)), None
                )

        def says(head: str, title: str, server: Serving) -> None:
            def holds() -> bool:
                run = gate(head)
                return run is not None and title in str(run.output.get("title", ""))

            try:
                until(holds)
            except AssertionError:
                run = gate(head)
                raise AssertionError(f"{title!r}: {run and run.output.get('title')}\n{server.log[-3000:]}") from None

        ask("PUT", "branches/main/protection", PROTECTED)
        with serving(env) as server:
            github.hook_url(made, f"{server.ready()}/webhooks/github")
            app = connect(read(env))
            host = app.host(SHOP, installation)
            base = host.branch("main")
            assert base
            text = FILES["cart.py"] + "\n\ndef count(prices):\n    return len(prices)\n"
            head = host.commit_files("selfmod/fix/cart", base, [FileEdit("cart.py", text.encode())], "fix: cart\n")
            number = host.open_pull("selfmod/fix/cart", "main", "fix: cart", "").number
            assert host.arm(number, head, "squash").what is Landed.ARMED
            says(head, " · waiting for ", server)
            ask("POST", f"issues/{number}/comments", {"body": "/selfmod stop incident 4711"})
            says(head, "stopped by @ann: incident 4711", server)
            until(lambda: not host.pull(number).armed)
            run = gate(head)
            assert run is not None and run.conclusion == "action_required"
            assert not host.pull(number).merged

            # a wider one is told first; who ends the narrower one alone is told what still holds
            wide = process("stop", "--organisation", "acme", "--why", "all of it", at=tmp_path, env=env)
            assert wide.code == 0, wide.error
            ask("POST", f"issues/{number}/comments", {"body": "/selfmod resume mended"})
            says(head, "stopped by the operator: all of it", server)
            over = process("resume", "--organisation", "acme", "--why", "mended", at=tmp_path, env=env)
            assert over.code == 0, over.error
            says(head, " · waiting for ", server)  # carried by the server, which noticed
            assert not host.pull(number).merged
            app.close()
        assert process("audit", "verify", at=tmp_path, env=env).code == 0
