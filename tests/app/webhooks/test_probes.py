"""Life, readiness and figures."""

import asyncio
import threading
from collections.abc import Iterator, Mapping

import httpx
import pytest
from starlette.applications import Starlette

from app.webhooks import probes
from app.webhooks.probes import OLDEST, Probes, Question
from tests.app.servers import PATIENCE


def ask(asked: Probes, path: str, method: str = "GET") -> httpx.Response:
    async def once() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=asked.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.request(method, path)

    return asyncio.run(once())


@pytest.fixture(autouse=True)
def ask_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "KEPT", 0.0)


def failing() -> str:
    raise OSError("cannot reach postgresql://selfmod:hunter2@db/selfmod")


READY: list[tuple[Mapping[str, Question], tuple[int, float], dict[str, str]]] = [
    ({}, (0, 0.0), {}),
    ({"database": lambda: "", "workers": lambda: ""}, (1000, 3.0), {}),
    ({"workers": lambda: "none lives"}, (0, 0.0), {"workers": "none lives"}),
    ({"database": failing}, (0, 0.0), {"database": "no answer: the log says why"}),
    ({}, (7, OLDEST + 12), {"inbox": "7 deliveries wait, the oldest for 72 s: nobody turns them into jobs"}),
]


@pytest.mark.parametrize(("questions", "inbox", "wrong"), READY)
def test_readiness(questions: Mapping[str, Question], inbox: tuple[int, float], wrong: dict[str, str]) -> None:
    answer = ask(Probes(questions, lambda: inbox), "/readyz")
    assert answer.status_code == (503 if wrong else 200)
    assert answer.json().get("wrong", {}) == wrong


def test_a_database_that_hangs_hangs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "PATIENCE", 0.05)
    opened = threading.Event()

    def hanging() -> tuple[int, float]:
        opened.wait(PATIENCE)
        return 0, 0.0

    asked = Probes({}, hanging)
    for _ in range(8):  # more than there are threads
        assert ask(asked, "/readyz").json()["wrong"] == {"inbox": "no answer within 0 s"}
    assert ask(asked, "/healthz").status_code == 200
    assert "selfmod_deliveries_total" in ask(asked, "/metrics").text
    opened.set()
    asked.close()


def test_figures_have_the_inbox() -> None:
    figures: Iterator[tuple[int, float]] = iter([(3, 1.5)])
    probed = Probes({}, lambda: next(figures))
    answer = ask(probed, "/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "selfmod_inbox_deliveries 3.0\n" in answer.text
    assert "selfmod_inbox_deliveries " not in ask(probed, "/metrics").text  # the database is gone: no figure, no fault
    assert ask(Probes({}), "/metrics").status_code == 200


def test_an_answer_is_kept_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "KEPT", 60.0)
    answers = iter(["", "asked again"])
    probed = Probes({"database": lambda: next(answers)})
    for _ in range(5):
        assert ask(probed, "/readyz").status_code == 200


def test_nobody_writes_here() -> None:
    assert ask(Probes({}), "/healthz", "POST").status_code == 405
