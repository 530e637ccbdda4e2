"""Reading what is none of a test's business."""

from tests.hostile.project import Hostile, Noticed, attempt

_T = "reading"

READING: tuple[Hostile, ...] = (
    attempt(
        "file-of-the-host",
        _T,
        "Reads a file of the host by its path.",
        """
        def test_attempt():
            refused(lambda: Path("<<secret>>").read_text())
        """,
    ),
    attempt(
        "key-in-the-home-folder",
        _T,
        "Reads an SSH key in every home folder that the environment, the user database and a guess name.",
        """
        import pwd

        def test_attempt():
            homes = {os.path.expanduser("~"), os.environ.get("HOME", "/"), "<<home>>", "/root", "/home"}
            homes |= {each.pw_dir for each in pwd.getpwall()}
            for home in homes:
                assert b"<<tokenhead>>" not in bytes_of(os.path.join(home, ".ssh", "id_ed25519")), "ESCAPED " + home
            refused(lambda: os.listdir("<<home>>"))
        """,
    ),
    attempt(
        "environment-of-the-parents",
        _T,
        "Looks for a token in the environment of every process through /proc.",
        """
        def test_attempt():
            for process in processes():
                assert b"<<variable>>=" not in bytes_of(f"/proc/{process}/environ"), f"ESCAPED {process}"
        """,
    ),
    attempt(
        "own-environment",
        _T,
        "Looks for variables of the host in its own environment.",
        """
        def test_attempt():
            assert "<<variable>>" not in os.environ, "ESCAPED"
            seen = [name for name in os.environ if "TOKEN" in name or "SECRET" in name or name.startswith("GITHUB_")]
            assert not seen, "ESCAPED " + ", ".join(seen)
        """,
        noticed=Noticed.NEVER,
    ),
    attempt(
        "command-lines",
        _T,
        "Looks for the command line of a process of the host.",
        """
        def test_attempt():
            for process in processes():
                assert b"<<victimword>>" not in bytes_of(f"/proc/{process}/cmdline"), f"ESCAPED {process}"
        """,
        weak="other processes can be seen",
    ),
    attempt(
        "own-sources-writable",
        _T,
        "Opens the sources of selfmod and the scripts of its reporter for writing.",
        """
        def test_attempt():
            for root in ("/selfmod", "<<sources>>"):
                for folder, _, names in os.walk(root):
                    for name in names[:20]:
                        refused(lambda: open(os.path.join(folder, name), "ab").close())
        """,
    ),
    attempt(
        "other-peoples-temporary-files",
        _T,
        "Looks into /tmp, /var/tmp and /dev/shm for files of others.",
        """
        def test_attempt():
            for folder in ("/tmp", "/var/tmp", "/dev/shm", "<<temporary>>"):
                assert not [each for each in listed(folder) if "<<marker>>" in each], "ESCAPED " + folder
        """,
    ),
    attempt(
        "root-of-another-process",
        _T,
        "Reaches the host's files through /proc/<pid>/root and cwd of every process.",
        """
        def test_attempt():
            for process in processes():
                for way in ("root", "cwd/../../../../../../.."):
                    found = bytes_of(f"/proc/{process}/{way}<<secret>>")
                    assert not found, f"ESCAPED {process} {found!r}"
        """,
    ),
    attempt(
        "block-devices",
        _T,
        "Opens every block device that is seen, and makes a node for the host's disk.",
        """
        import stat

        def test_seen():
            for name in listed("/dev"):
                path = os.path.join("/dev", name)
                if os.path.lexists(path) and stat.S_ISBLK(os.lstat(path).st_mode):
                    refused(lambda: os.close(os.open(path, os.O_RDONLY)))

        def test_made():
            os.umask(0)
            number = os.stat("/usr").st_dev

            def made():
                os.mknod("disk", 0o666 | stat.S_IFBLK, number)
                try:
                    os.close(os.open("disk", os.O_RDONLY))
                finally:
                    os.unlink("disk")

            refused(made)
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "memory-of-the-machine",
        _T,
        "Opens /dev/mem, /dev/kmsg, /proc/kcore and reads the kernel's log.",
        """
        def test_opened():
            for path in ("/dev/mem", "/dev/kmsg", "/dev/port", "/proc/kcore", "/proc/kmsg"):
                # an empty file laid over it is as good; more than one byte is never read
                try:
                    seen = os.read(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 1)
                except OSError:
                    continue
                assert seen == b"", "ESCAPED " + path

        def test_log():
            refused(lambda: system("syslog", 10, None, 0))
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "passwords",
        _T,
        "Opens the password hashes of the host.",
        """
        def test_attempt():
            refused(lambda: open("/etc/shadow", "rb").close())
            refused(lambda: open("/etc/gshadow", "rb").close())
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "inherited-descriptors",
        _T,
        "Reads every descriptor that it was started with.",
        """
        def test_attempt():
            for number in range(3, 512):
                try:
                    seen = os.pread(number, 4096, 0)
                except OSError:
                    continue
                assert b"<<tokenhead>>" not in seen, "ESCAPED"
        """,
        noticed=Noticed.NEVER,
    ),
    attempt(
        "file-by-its-handle",
        _T,
        "Opens a file of the host by its handle, past every mount (as shocker did).",
        """
        def test_attempt():
            handle = ctypes.create_string_buffer(bytes.fromhex("<<handle>>"))

            def opened():
                found = os.open("/usr", os.O_RDONLY)
                try:
                    return os.read(system("open_by_handle_at", found, handle, os.O_RDONLY), 4096)
                finally:
                    os.close(found)

            refused(opened)
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "shared-memory-of-the-host",
        _T,
        "Attaches a System V segment of shared memory that a process of the host made.",
        """
        def test_attempt():
            libc = ctypes.CDLL(None, use_errno=True)
            seen = libc.shmget(ctypes.c_int(<<segment>>), ctypes.c_size_t(0), 0)
            assert seen == -1, "ESCAPED"
        """,
    ),
    attempt(
        "name-of-the-host",
        _T,
        "Reads the host's name and its interfaces.",
        """
        import socket

        def test_attempt():
            assert "<<hostname>>" not in (socket.gethostname(), os.uname().nodename), "ESCAPED"
        """,
        weak="the host's name can be read",
    ),
    attempt(
        "devices-in-sys",
        _T,
        "Looks for disks and network cards in /sys.",
        """
        def test_attempt():
            for folder in ("/sys/block", "/sys/class/net", "/sys/firmware", "/sys/kernel/debug", "/sys/fs/cgroup"):
                seen = listed(folder)
                assert not [each for each in seen if each != "lo"], f"ESCAPED {folder} {seen}"
        """,
    ),
    attempt(
        "mounts-of-the-host",
        _T,
        "Looks in its table of mounts for folders of the host that hold the secret.",
        """
        def test_attempt():
            for line in bytes_of("/proc/self/mountinfo").decode().splitlines():
                place = line.split()[4]
                assert b"<<tokenhead>>" not in bytes_of(place + "<<secret>>"), "ESCAPED " + place
            assert not os.path.exists("<<secret>>"), "ESCAPED"
        """,
        weak="the names of the host's files can be seen",
    ),
)
