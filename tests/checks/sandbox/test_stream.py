import pytest

from checks.model.trees import File
from checks.sandbox.port import Command
from checks.sandbox.stream import HEAD, record, stream


def parsed(data: bytes) -> list[tuple[bytes, bytes, bytes]]:
    found, place = [], 0
    while place < len(data):
        kind, name, size = HEAD.unpack_from(data, place)
        place += HEAD.size
        found.append((kind, data[place : place + name], data[place + name : place + name + size]))
        place += name + size
    return found


def test_the_whole_stream():
    command = Command(("/bin/x", "ä\udcff"), environment={"A": "b=c"}, folder="/f")
    files = (File("p/q", b"1"), File("x", b"", "100755"), File("l", b"p", "120000"))
    sent = stream(
        command, files, settings={"folder": "/f"}, limits={"RLIMIT_CORE": 0}, owned={"/f": 0o755}, made={"/h": 0o700}
    )
    assert parsed(b"".join(sent)) == [
        (b"S", b"folder", b"/f"),
        (b"R", b"RLIMIT_CORE", b"0"),
        (b"O", b"/f", b"755"),
        (b"D", b"/h", b"700"),
        (b"A", b"", b"/bin/x"),
        (b"A", b"", b"\xc3\xa4\xff"),
        (b"V", b"A", b"b=c"),
        (b"F", b"p/q", b"1"),
        (b"X", b"x", b""),
        (b"L", b"l", b"p"),
        (b"E", b"", b""),
    ]


@pytest.mark.parametrize("content", [b"", record(b"E"), bytes(1 << 16)])
def test_a_content_that_looks_like_a_record_stays_one(content):
    assert parsed(record(b"F", b"n", content) + record(b"E")) == [(b"F", b"n", content), (b"E", b"", b"")]


def test_files_are_asked_for_one_by_one():
    asked = []

    def files():
        for number in range(3):
            asked.append(number)
            yield File(str(number), b"")

    pieces = stream(Command(("/bin/x",)), files(), settings={}, limits={})
    next(piece for piece in pieces if piece.startswith(b"F"))
    assert asked == [0]
