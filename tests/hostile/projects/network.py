"""Reaching a network of any kind. Without isolation they reach listeners of the harness, nothing else."""

from tests.hostile.project import Hostile, Noticed, Verdict, attempt

_T = "network"

NETWORK: tuple[Hostile, ...] = (
    attempt(
        "tcp",
        _T,
        "Connects to a service on the host's loopback over TCP.",
        """
        import socket

        def test_attempt():
            refused(lambda: socket.create_connection(("127.0.0.1", <<tcp>>), 3).close())
        """,
    ),
    attempt(
        "tcp-over-ipv6",
        _T,
        "Connects to a service on the host's loopback over IPv6.",
        """
        import socket

        def test_attempt():
            refused(lambda: socket.create_connection(("::1", <<tcp6>>), 3).close())
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "udp",
        _T,
        "Sends a datagram to a service on the host's loopback.",
        """
        import socket

        def test_attempt():
            try:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                    out.sendto(b"<<marker>>", ("127.0.0.1", <<udp>>))
            except OSError:
                pass  # what arrived is looked at on the host
        """,
    ),
    attempt(
        "name-lookup",
        _T,
        "Leaks by a DNS question, made by hand, to a server on the host's loopback.",
        """
        import socket
        import struct

        def test_attempt():
            labels = b"".join(bytes([len(part)]) + part for part in (b"<<marker>>", b"example", b"org"))
            question = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + labels + bytes(1) + struct.pack(">2H", 1, 1)
            try:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
                    out.connect(("127.0.0.1", <<udp>>))
                    out.send(question)
            except OSError:
                pass
        """,
    ),
    attempt(
        "multipath-tcp",
        _T,
        "Connects over MPTCP, a protocol that filters forget.",
        """
        import socket

        def test_attempt():
            def connected():
                with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262) as out:
                    out.settimeout(3)
                    out.connect(("127.0.0.1", <<tcp>>))

            refused(connected)
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "tcp-fast-open",
        _T,
        "Sends data with the first packet, without a call of connect.",
        """
        import socket

        def test_attempt():
            def sent():
                with socket.socket() as out:
                    out.settimeout(3)
                    out.sendto(b"<<marker>>", socket.MSG_FASTOPEN, ("127.0.0.1", <<tcp>>))

            refused(sent)
        """,
    ),
    attempt(
        "abstract-socket",
        _T,
        "Connects to an abstract Unix socket of the host (as D-Bus and containerd have them).",
        """
        import socket

        def test_attempt():
            def connected():
                with socket.socket(socket.AF_UNIX) as out:
                    out.connect(b"\\0<<abstract>>")

            refused(connected)
            assert b"<<abstract>>" not in bytes_of("/proc/net/unix"), "ESCAPED"
        """,
    ),
    attempt(
        "unix-socket-by-path",
        _T,
        "Connects to a Unix socket of the host by its path (as Docker has one).",
        """
        import socket

        def test_attempt():
            def connected():
                with socket.socket(socket.AF_UNIX) as out:
                    out.connect("<<unix>>")

            refused(connected)
            for path in ("/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private"):
                assert not os.path.exists(path), "ESCAPED " + path
        """,
    ),
    attempt(
        "raw-socket",
        _T,
        "Opens raw sockets for IPv4, IPv6 and whole packets.",
        """
        import socket

        def test_attempt():
            for family, kind, protocol in (
                (socket.AF_INET, socket.SOCK_RAW, 1), (socket.AF_INET, socket.SOCK_RAW, 255),
                (socket.AF_INET6, socket.SOCK_RAW, 58), (socket.AF_PACKET, socket.SOCK_RAW, 0),
                (socket.AF_PACKET, socket.SOCK_DGRAM, 0),
            ):
                refused(lambda: socket.socket(family, kind, protocol).close())
        """,
        noticed=Noticed.ROOT,
    ),
    attempt(
        "interfaces",
        _T,
        "Looks for a network interface other than the loopback, and for a route out.",
        """
        import socket

        def test_interfaces():
            try:
                seen = [name for _, name in socket.if_nameindex() if name != "lo"]
            except OSError:
                return
            assert not seen, f"ESCAPED {seen}"

        def test_routes():
            for line in bytes_of("/proc/net/route").decode().splitlines()[1:]:
                assert line.split()[0] == "lo", "ESCAPED " + line
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "metadata-address",
        _T,
        "Asks for a route to the address where clouds tell credentials; no packet is sent for that.",
        """
        import socket

        def test_attempt():
            for family, address in ((socket.AF_INET, "169.254.169.254"), (socket.AF_INET6, "fd00:ec2::254")):
                def routed():
                    with socket.socket(family, socket.SOCK_DGRAM) as out:
                        out.connect((address, 80))
                        return out.getsockname()

                refused(routed)
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "virtual-machine-socket",
        _T,
        "Opens a socket to the hypervisor.",
        """
        import socket

        def test_attempt():
            refused(lambda: socket.socket(40, socket.SOCK_STREAM).close())
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "rare-families",
        _T,
        "Opens sockets of families that carried kernel faults: crypto, CAN, Bluetooth, TIPC, XDP and others.",
        """
        import socket

        def test_attempt():
            opened = []
            for family in (3, 4, 5, 9, 15, 21, 24, 26, 29, 30, 31, 35, 36, 37, 38, 39, 41, 42, 43, 44):
                for kind in (socket.SOCK_SEQPACKET, socket.SOCK_RAW, socket.SOCK_DGRAM, socket.SOCK_STREAM):
                    try:
                        socket.socket(family, kind, 2 if family == 15 else 0).close()
                    except OSError:
                        continue
                    opened.append(family)
            assert not opened, f"ESCAPED {sorted(set(opened))}"
        """,
        noticed=Noticed.HOST,
    ),
    attempt(
        "netlink-beyond-routes",
        _T,
        "Opens netlink families that configure the kernel: netfilter, audit, xfrm, connector.",
        """
        import socket

        def test_attempt():
            opened = []
            for protocol in (6, 9, 11, 12, 15, 16):
                try:
                    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol).close()
                except OSError:
                    continue
                opened.append(protocol)
            assert not opened, f"ESCAPED {opened}"
        """,
        noticed=Noticed.ALWAYS,
    ),
    attempt(
        "server-for-the-host",
        _T,
        "Listens on every address for the host to connect to, from a process that stays.",
        """
        LISTEN = '''
        import socket, sys, time
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("0.0.0.0", int(sys.argv[1])))
            server.listen()
            print("up", flush=True)
            time.sleep(20)
        '''

        def test_attempt():
            import textwrap

            line = [sys.executable, "-c", textwrap.dedent(LISTEN), "<<free>>", "<<marker>>"]
            with subprocess.Popen(line, stdout=subprocess.PIPE, start_new_session=True) as server:
                assert server.stdout.readline() == b"up\\n"
                os.dup2(os.open("/dev/null", os.O_RDONLY), server.stdout.fileno())
                os._exit(0)
        """,
        expects=Verdict.FAILS,
    ),
)
