"""More memory than the tree may have: 600 MB of every kind, where 256 are allowed."""

from dataclasses import replace

from checks.sandbox.port import MIB
from tests.hostile.project import SMALL, Hostile, Verdict, attempt

_T = "memory"
_LITTLE = replace(SMALL, memory=256 * MIB)
_HELD = """
import time

MIB = 1 << 20
PIECE = bytes(range(1, 256)) * (MIB // 255)


def held():
    # long enough for whoever looks at intervals
    time.sleep(1.5)


"""


def _taken(name: str, tries: str, body: str) -> Hostile:
    """A project whose test takes memory and then says ESCAPED; MemoryError, OSError or being ended is refusal."""
    return attempt(name, _T, tries, _HELD + body.lstrip("\n"), expects=Verdict.ANY, limits=_LITTLE)


MEMORY: tuple[Hostile, ...] = (
    _taken(
        "heap",
        "Fills 600 MB of its heap.",
        """
def test_attempt():
    taken = []
    try:
        for _ in range(600):
            taken.append(bytearray(PIECE))
    except MemoryError:
        return
    held()
    raise AssertionError("ESCAPED")
""",
    ),
    _taken(
        "memory-file",
        "Fills 600 MB of a memfd, which no process has mapped.",
        """
def test_attempt():
    if not hasattr(os, "memfd_create"):
        return
    try:
        place = os.memfd_create("place")
        for _ in range(600):
            os.write(place, PIECE)
    except OSError:
        return
    held()
    raise AssertionError("ESCAPED")
""",
    ),
    _taken(
        "shared-memory-folder",
        "Fills 600 MB of files in /dev/shm.",
        """
def test_attempt():
    paths = []
    try:
        for number in range(60):
            paths.append(Path(f"/dev/shm/<<marker>>-{number}"))
            paths[-1].write_bytes(PIECE * 10)
        held()
    except OSError:
        return
    finally:
        for path in paths:
            path.unlink(missing_ok=True)
    raise AssertionError("ESCAPED")
""",
    ),
    _taken(
        "shared-mapping",
        "Fills 600 MB of a shared anonymous mapping.",
        """
def test_attempt():
    import mmap

    try:
        place = mmap.mmap(-1, 600 * MIB)
        for _ in range(600):
            place.write(PIECE)
    except (OSError, MemoryError):
        return
    held()
    raise AssertionError("ESCAPED")
""",
    ),
    _taken(
        "many-children",
        "Fills 100 MB in each of six children, each below every limit of its own.",
        """
def test_attempt():
    children, ready = [], os.pipe()
    for _ in range(6):
        child = os.fork()
        if not child:
            try:
                taken = [bytearray(PIECE) for _ in range(100)]
                os.write(ready[1], b"x")
                held()
            finally:
                os._exit(0 if len(taken) == 100 else 1)
        children.append(child)
    done = [os.waitpid(child, 0)[1] for child in children]
    assert any(done), "ESCAPED"
""",
    ),
    _taken(
        "segments-that-outlive",
        "Fills 600 MB of System V segments, which outlive the process that made them.",
        """
def test_attempt():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    segments, refused_at = [], None
    for number in range(6):
        segment = libc.shmget(0, ctypes.c_size_t(100 * MIB), 0o1600)
        place = libc.shmat(segment, None, 0) if segment >= 0 else None
        if place in (None, ctypes.c_void_p(-1).value):
            refused_at = number
            break
        segments.append(segment)
        ctypes.memset(place, 1, 100 * MIB)
    if refused_at is None:
        held()
    for segment in segments:
        libc.shmctl(segment, 0, None)
    assert refused_at is not None, "ESCAPED"
""",
    ),
    _taken(
        "handed-around",
        "Keeps 600 MB in memfds that lie in the buffer of a socket and belong to no process.",
        """
def test_attempt():
    import array
    import socket

    here, there = socket.socketpair()
    try:
        for _ in range(60):
            place = os.memfd_create("place")
            os.write(place, PIECE * 10)
            sent = array.array("i", [place])
            here.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, sent)])
            os.close(place)
    except OSError:
        return
    held()
    raise AssertionError("ESCAPED")
""",
    ),
    _taken(
        "one-huge-number",
        "Asks for 600 MB at once, by one expression.",
        """
def test_attempt():
    try:
        taken = b"x" * (600 * MIB)
    except MemoryError:
        return
    held()
    raise AssertionError(f"ESCAPED {len(taken)}")
""",
    ),
)
