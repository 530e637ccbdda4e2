"""Sends the webhooks: over HTTP, one after the other, from a thread of its own; keeps how each attempt ended."""

import random
import threading
from collections import deque

import httpx

from app.standin.state import Delivery, World

PATIENCE = 10.0
"""Seconds within which GitHub wants an answer."""


class Hooks:
    """The queue of deliveries. `hold` keeps them back, `release` lets them go, in another order if asked to."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: deque[Delivery] = deque()
        self._changed = threading.Condition()
        self._held = False
        self._busy = False
        self._stopped = False
        self._thread: threading.Thread | None = None
        world.send, world.resend = self.send, self.again

    def start(self) -> None:
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="standin-hooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(PATIENCE + 5)

    def send(self, delivery: Delivery) -> None:
        with self._changed:
            self._waiting.append(delivery)
            self._changed.notify_all()

    def hold(self) -> None:
        """Nothing goes out from now on."""
        with self._changed:
            self._held = True

    def release(self, order: str = "as_made", drop: bool = False) -> None:
        """`order` is `as_made`, `reversed` or `shuffled`; `drop` loses what was held, as a broken network does."""
        with self._changed:
            waiting = list(self._waiting)
            if order == "reversed":
                waiting.reverse()
            elif order == "shuffled":
                random.Random(len(waiting)).shuffle(waiting)  # noqa: S311  # no secret
            for lost in waiting if drop else ():
                lost.status, lost.status_code = "failed to connect to host", 502
            self._waiting = deque(() if drop else waiting)
            self._held = False
            self._changed.notify_all()

    def again(self, delivery: Delivery) -> Delivery:
        """Another attempt with the same GUID, body and signature, as `POST …/attempts` makes it."""
        world = self._world
        with world.lock:
            made = world.new(
                Delivery,
                app=delivery.app,
                guid=delivery.guid,
                event=delivery.event,
                action=delivery.action,
                body=delivery.body,
                headers=delivery.headers,
                url=delivery.app.webhook_url,
                installation=delivery.installation,
                repository=delivery.repository,
                redelivery=True,
                delivered=world.now(),
            )
            delivery.app.deliveries.append(made)
        self.send(made)
        return made

    def settle(self, timeout: float = 30.0) -> None:
        """Waits until everything is delivered; raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._busy and not self._waiting, timeout):
                raise TimeoutError(f"{len(self._waiting)} webhooks are not delivered after {timeout:g} s")

    def _work(self) -> None:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            while True:
                with self._changed:
                    self._busy = False
                    self._changed.notify_all()
                    self._changed.wait_for(lambda: self._stopped or (bool(self._waiting) and not self._held))
                    if self._stopped:
                        return
                    delivery = self._waiting.popleft()
                    self._busy = True
                self._attempt(client, delivery)

    def _attempt(self, client: httpx.Client, delivery: Delivery) -> None:
        if not delivery.url:
            delivery.status, delivery.status_code = "Invalid HTTP Response: no URL", 0
            return
        began = self._world.now()
        try:
            answer = client.post(delivery.url, content=delivery.body, headers=delivery.headers)
        except httpx.TimeoutException:
            delivery.status, delivery.status_code = "timed out", 504
        except (httpx.HTTPError, httpx.InvalidURL):
            delivery.status, delivery.status_code = "failed to connect to host", 502
        else:
            delivery.status_code = answer.status_code
            delivery.status = "OK" if answer.is_success else f"Invalid HTTP Response: {answer.status_code}"
            delivery.answer, delivery.answer_headers = answer.text[:65_536], dict(answer.headers)
        delivery.duration = max(0.0, self._world.now() - began)
