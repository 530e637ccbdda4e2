"""The terminal of whoever started the tests."""

from tests.hostile.project import Hostile, Noticed, attempt

_T = "terminal"

TERMINAL: tuple[Hostile, ...] = (
    attempt(
        "typing-for-the-user",
        _T,
        "Puts a command into the input of a terminal by TIOCSTI.",
        """
        import fcntl
        import termios

        def test_attempt():
            for number in (0, 1, 2):
                refused(lambda: fcntl.ioctl(number, termios.TIOCSTI, b"x"))

        def test_own_terminal():
            def typed():
                there, here = os.openpty()
                try:
                    fcntl.ioctl(here, termios.TIOCSTI, b"x")
                finally:
                    os.close(there)
                    os.close(here)

            refused(typed)
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "typing-past-the-filter",
        _T,
        "Asks for TIOCSTI with a number whose upper half is set, which the kernel drops and a filter may compare.",
        """
        import termios

        def test_attempt():
            def typed():
                there, here = os.openpty()
                text = ctypes.create_string_buffer(b"x")
                try:
                    return system("ioctl", here, (1 << 32) | termios.TIOCSTI, text)
                finally:
                    os.close(there)
                    os.close(here)

            refused(typed)
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "pasting-on-the-console",
        _T,
        "Pastes a selection by TIOCLINUX, as on a virtual console.",
        """
        import fcntl

        def test_attempt():
            for path in ("/dev/tty", "/dev/tty0", "/dev/tty1", "/dev/console"):
                def pasted():
                    with open(path, "wb", buffering=0) as console:
                        fcntl.ioctl(console, 0x541C, b"\\x03")

                refused(pasted)
        """,
        noticed=Noticed.NEVER,
    ),
    attempt(
        "controlling-terminal",
        _T,
        "Opens /dev/tty, the terminal of its session.",
        """
        def test_attempt():
            refused(lambda: os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)))
            assert not any(os.isatty(number) for number in (0, 1, 2)), "ESCAPED"
        """,
        noticed=Noticed.NEVER,
    ),
    attempt(
        "terminals-of-others",
        _T,
        "Writes to the terminals of the host that /dev/pts shows.",
        """
        def test_attempt():
            for name in filter(str.isdigit, listed("/dev/pts")):
                refused(lambda: os.close(os.open("/dev/pts/" + name, os.O_WRONLY | os.O_NOCTTY)))
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "standard-input",
        _T,
        "Reads from its standard input: there must be nothing, at once.",
        """
        import select

        def test_attempt():
            assert select.select([0], [], [], 5)[0], "ESCAPED: it waits for somebody"
            assert os.read(0, 100) == b"", "ESCAPED"
        """,
        noticed=Noticed.NEVER,
    ),
)
