"""What machines ask of the server: `/healthz` (does the process live), `/readyz` (can it do its work), `/metrics`.

A process that is not ready still accepts nothing wrongly: deliveries that cannot be written down get 503. So a platform
restarts by `/healthz` and routes by `/readyz`. None of them says anything but names and sentences of our own.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.operations import metrics

PATIENCE = 3.0
"""Seconds that a question may take."""
KEPT = 1.0
"""Seconds for which an answer is given again: who asks often does not ask the database as often."""
OLDEST = 60.0
"""Seconds that a delivery may wait for its jobs before something is amiss."""
_LOG = logging.getLogger(__name__)

type Question = Callable[[], str]
"""What is wrong, in a sentence; empty where nothing is. Called in a thread; what it raises is wrong too."""


class Probes:
    """`questions` by the name of what they are about. `inbox` gives the number of deliveries that wait and the seconds
    that the oldest has waited, and raises where the database does not answer."""

    def __init__(self, questions: Mapping[str, Question], inbox: Callable[[], tuple[int, float]] | None = None) -> None:
        self._questions = dict(questions)
        self._inbox = inbox
        if inbox is not None:
            self._questions["inbox"] = lambda: inbox_fault(*inbox())
        # a question that hangs keeps its thread; more of them wait here and nowhere else
        self._threads = ThreadPoolExecutor(max(4, len(self._questions)), "probe")
        self._asked = asyncio.Lock()
        self._wrong: dict[str, str] = {}
        self._at = -KEPT

    def routes(self) -> list[Route]:
        """The three addresses."""
        return [
            Route("/healthz", self.healthz),
            Route("/readyz", self.readyz),
            Route("/metrics", self.metrics),
        ]

    def close(self) -> None:
        """Asks nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def healthz(self, _: Request) -> Response:
        """The process lives and its loop turns."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, _: Request) -> Response:
        """200 where all is well, else 503 with what is not."""
        async with self._asked:
            if time.monotonic() - self._at >= KEPT:
                self._wrong = await self._ask()
                self._at = time.monotonic()
        if not self._wrong:
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not ready", "wrong": self._wrong}, 503)

    async def metrics(self, _: Request) -> Response:
        """Figures for Prometheus."""
        more = [] if self._inbox is None else [metrics.Inbox(self._figures)]
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                text = await loop.run_in_executor(self._threads, metrics.exposition, *more)
        except TimeoutError:  # the database hangs; the process's own figures are known all the same
            text = metrics.exposition()
        return Response(text, media_type=metrics.CONTENT_TYPE)

    def _figures(self) -> tuple[int, float] | None:
        try:
            return self._inbox() if self._inbox is not None else None
        except Exception:
            return None

    async def _ask(self) -> dict[str, str]:
        answers = await asyncio.gather(*(self._answer(name) for name in self._questions))
        return {name: wrong for name, wrong in zip(self._questions, answers, strict=True) if wrong}

    async def _answer(self, name: str) -> str:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(PATIENCE):
                return await loop.run_in_executor(self._threads, self._questions[name])
        except TimeoutError:
            return f"no answer within {PATIENCE:.0f} s"
        except Exception as error:  # its text may name hosts and users: it goes to the log
            _LOG.warning("not ready: %s: %s", name, error)
            return "no answer: the log says why"


def inbox_fault(waiting: int, age: float) -> str:
    """What is wrong with an inbox that holds so many deliveries, the oldest for so many seconds."""
    if waiting and age > OLDEST:
        return f"{waiting} deliveries wait, the oldest for {age:.0f} s: nobody turns them into jobs"
    return ""
