"""Load on the webhook's address: deliveries at a steady rate, or as fast as each connection gets its answers.

Open loop at a rate: an answer is timed from when its delivery was due, so that a server that stalls is not spared the
wait that it causes (coordinated omission, https://www.scylladb.com/2021/04/22/on-coordinated-omission/)."""

import asyncio
import hashlib
import hmac
import json
import secrets
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

SECRET = "a secret of the benchmark"
type Payload = Callable[[int], tuple[str, dict[str, object]]]
"""From a number to an event's name and its payload."""


@dataclass(frozen=True)
class Answers:
    """Seconds of every answer, and how many were not 202."""

    seconds: tuple[float, ...]
    refused: int
    duration: float

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))] * 1000

    @property
    def median(self) -> float:
        """Milliseconds."""
        return statistics.median(self.seconds) * 1000

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.duration


def request(host: str, event: str, payload: dict[str, object]) -> bytes:
    """One signed delivery, as GitHub sends it."""
    body = json.dumps(payload).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    lines = [
        "POST /webhooks/github HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"X-GitHub-Event: {event}",
        f"X-GitHub-Delivery: {secrets.token_hex(4)}-0000-11f0-8000-{secrets.token_hex(6)}",
        f"X-Hub-Signature-256: sha256={signature}",
        f"Content-Length: {len(body)}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            await reader.readexactly(int(value))
    return status


async def _steady(host: str, port: int, rate: float, connections: int, seconds: float, payload: Payload) -> Answers:
    """`rate` deliveries a second over all connections together, each due at its own time."""
    taken: list[float] = []
    refused = 0
    begun = time.perf_counter() + 0.2

    async def one(number: int) -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection(host, port)
        for index in range(number, int(rate * seconds), connections):
            made = request(host, *payload(index))
            due = begun + index / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(made)
            refused += await _answer(reader) != 202
            taken.append(time.perf_counter() - due)
        writer.close()

    await asyncio.gather(*map(one, range(connections)))
    return Answers(tuple(taken), refused, time.perf_counter() - begun)


async def _saturated(host: str, port: int, connections: int, seconds: float, payload: Payload) -> Answers:
    """Each connection sends the next delivery as soon as the last is answered."""
    taken: list[float] = []
    refused = 0
    begun = time.perf_counter()

    async def one(number: int) -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection(host, port)
        index = number
        while time.perf_counter() - begun < seconds:
            made = request(host, *payload(index))
            sent = time.perf_counter()
            writer.write(made)
            refused += await _answer(reader) != 202
            taken.append(time.perf_counter() - sent)
            index += connections
        writer.close()

    await asyncio.gather(*map(one, range(connections)))
    return Answers(tuple(taken), refused, time.perf_counter() - begun)


def steady(
    host: str, port: int, payload: Payload, rate: float = 20, connections: int = 8, seconds: float = 30
) -> Answers:
    """Answers at a steady rate."""
    return asyncio.run(_steady(host, port, rate, connections, seconds, payload))


def saturated(host: str, port: int, payload: Payload, connections: int, seconds: float = 5) -> Answers:
    """Answers at the highest rate that so many connections reach."""
    return asyncio.run(_saturated(host, port, connections, seconds, payload))
