"""A Starlette application on a free port of loopback, in a thread of the test."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

PATIENCE = 60.0
"""Seconds that a test waits for anything."""


@contextmanager
def served(app: Starlette) -> Iterator[tuple[str, int]]:
    """Host and port where it answers, until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, server_header=False, proxy_headers=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        try:
            yield listening.getsockname()[:2]
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


def until(condition: object, patience: float = PATIENCE) -> None:
    """Waits for a condition; a deadline is its failure."""
    assert callable(condition)
    ends = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.005)


def talk(place: tuple[str, int], *pieces: bytes, finish: bool = False) -> bytes:
    """What comes back on a connection until the other side ends it; `finish` ends our side after the last piece."""
    with socket.create_connection(place, timeout=PATIENCE) as connection:
        for piece in pieces:
            connection.sendall(piece)
        if finish:
            connection.shutdown(socket.SHUT_WR)
        got = b""
        while more := connection.recv(65536):
            got += more
        return got
