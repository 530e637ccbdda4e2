"""The stream that carries a command and its files into a sandbox; `inside/start.py` reads it.

A record is one byte of kind, the name's length (4 bytes, big-endian), the content's length (8 bytes), name, content.
Kinds: S a setting, A an argument, V a variable of the environment, R a resource limit, O a folder to hand over to the
user (mode in octal), D a folder to make, F a file, X an executable file, L a symbolic link, E the end. Whatever is not
a file comes before the first file. Nothing of it is ever written to the host's disk.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from checks.model.trees import File
from checks.sandbox.port import Command

HEAD = struct.Struct(">cIQ")
START = Path(__file__).parent / "inside" / "start.py"
"""The script that reads the stream: `python -I -S start.py STREAM STATUS REPORT` (numbers of descriptors)."""
KINDS = {"100644": b"F", "100755": b"X", "120000": b"L"}


def record(kind: bytes, name: bytes = b"", content: bytes = b"") -> bytes:
    return HEAD.pack(kind, len(name), len(content)) + name + content


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def stream(
    command: Command,
    files: Iterable[File],
    *,
    settings: Mapping[str, str],
    limits: Mapping[str, int],
    owned: Mapping[str, int] | None = None,
    made: Mapping[str, int] | None = None,
) -> Iterator[bytes]:
    """Yields the stream piece by piece. `limits` are names of `resource` (RLIMIT_NPROC …) with their values; `owned`
    and `made` are folders with their modes; settings that start.py knows: folder (needed), uid (switch to it, as root
    only), bare=1 (no capability may be left), filtered=1 (a seccomp filter must be loaded)."""
    yield b"".join(record(b"S", encoded(name), encoded(value)) for name, value in settings.items())
    yield b"".join(record(b"R", encoded(name), b"%d" % value) for name, value in limits.items())
    yield b"".join(record(b"O", encoded(name), b"%o" % mode) for name, mode in (owned or {}).items())
    yield b"".join(record(b"D", encoded(name), b"%o" % mode) for name, mode in (made or {}).items())
    yield b"".join(record(b"A", content=encoded(argument)) for argument in command.argv)
    yield b"".join(record(b"V", encoded(name), encoded(value)) for name, value in command.environment.items())
    for file in files:
        yield record(KINDS[file.mode], encoded(file.path), file.content)
    yield record(b"E")
