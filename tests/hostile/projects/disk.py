"""More disk than the work copy may have: at most 60 MB or 150,000 files, where 16 MB are allowed."""

from dataclasses import replace

from checks.sandbox.port import MIB
from tests.hostile.project import SMALL, Hostile, Noticed, Verdict, attempt

_T = "disk"
_LITTLE = replace(SMALL, disk=16 * MIB, memory=96 * MIB)


def _filled(name: str, tries: str, body: str) -> Hostile:
    """A project whose test fills the disk and then says ESCAPED."""
    tests = "\nPIECE = bytes(1 << 20)\n\n\n" + body
    return attempt(name, _T, tries, tests, expects=Verdict.ANY, limits=_LITTLE, weak="disk is looked at now and then")


DISK: tuple[Hostile, ...] = (
    _filled(
        "one-large-file",
        "Writes a file of 60 MB.",
        """
def test_attempt():
    def filled():
        with open("large", "wb") as large:
            for _ in range(60):
                large.write(PIECE)
        os.unlink("large")

    refused(filled)
""",
    ),
    _filled(
        "many-files",
        "Writes sixty files of 1 MB.",
        """
def test_attempt():
    def filled():
        for number in range(60):
            Path(f"part{number}").write_bytes(PIECE)

    refused(filled)
""",
    ),
    _filled(
        "temporary-files",
        "Writes 60 MB into the temporary folder.",
        """
def test_attempt(tmp_path):
    def filled():
        for number in range(60):
            (tmp_path / f"part{number}").write_bytes(PIECE)

    try:
        refused(filled)
    finally:
        for path in tmp_path.iterdir():
            path.unlink()
""",
    ),
    _filled(
        "every-folder-together",
        "Writes 12 MB into each folder that takes files, which together is too much.",
        """
def test_attempt():
    written = []

    def filled():
        places = [os.getcwd(), "/tmp", "/var/tmp", "/dev/shm", "/run", os.path.expanduser("~"), "/", "/dev"]
        taking = {os.path.realpath(each) for each in places if os.access(each, os.W_OK)}
        for folder in sorted(taking):
            for number in range(12):
                written.append(Path(folder, f"<<marker>>-{number}"))
                written[-1].write_bytes(PIECE)
        if len(written) <= 16:
            raise PermissionError("one folder alone")

    try:
        refused(filled)
    finally:
        for path in written:
            path.unlink(missing_ok=True)
""",
    ),
    _filled(
        "many-empty-files",
        "Makes 150,000 empty files, or as many as ten seconds allow: they take no room but that of their names.",
        """
def test_attempt():
    import time

    def filled():
        ends = time.monotonic() + 10  # a slow disk takes longer for so many, and its slowness is no refusal
        os.mkdir("many")
        for number in range(150_000):
            os.close(os.open(f"many/{number}", os.O_CREAT | os.O_WRONLY))
            if time.monotonic() > ends:
                break

    refused(filled)
""",
    ),
    _filled(
        "sparse-file",
        "Makes a file of 100 GB that holds nothing.",
        """
def test_attempt():
    def filled():
        with open("sparse", "wb") as sparse:
            sparse.truncate(100 << 30)
        os.unlink("sparse")

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    refused(filled)
""",
    ),
    _filled(
        "deleted-but-open",
        "Writes 60 MB into a file that has no name any more.",
        """
def test_attempt():
    def filled():
        with open("gone", "wb") as gone:
            os.unlink("gone")
            for _ in range(60):
                gone.write(PIECE)
                gone.flush()

    refused(filled)
""",
    ),
    _filled(
        "reserved",
        "Reserves 60 MB without writing them.",
        """
def test_attempt():
    def filled():
        with open("reserved", "wb") as reserved:
            os.posix_fallocate(reserved.fileno(), 0, 60 << 20)
        os.unlink("reserved")

    refused(filled)
""",
    ),
    replace(
        _filled(
            "deep-folders",
            "Leaves folders so deep that no path reaches the last.",
            """
def test_attempt():
    start = os.getcwd()
    for _ in range(400):
        os.mkdir("d" * 100)
        os.chdir("d" * 100)
    os.chdir(start)
""",
        ),
        noticed=Noticed.NEVER,
    ),
)
