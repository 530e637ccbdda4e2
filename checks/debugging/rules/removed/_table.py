"""What the standard library has dropped, by version: "What's New In Python 3.x", section "Removed"."""

from checks.debugging.rules.removed._names import Gone

_PY2 = "is in no Python 3"


def _gone(version: str, new: str = "", left: str = "") -> Gone:
    return Gone(f"was removed in Python {version}", new, left)


NAMES: dict[str, Gone] = {
    "asyncio.coroutine": _gone("3.11", left="an async def, with await in place of yield from"),
    "asyncio.Task.all_tasks": _gone("3.9", left="asyncio.all_tasks leaves out tasks that are done"),
    "asyncio.Task.current_task": _gone("3.9", left="asyncio.current_task wants a running loop"),
    "cgi.escape": _gone("3.8", left="html.escape escapes quotes too unless told not to"),
    "cgi.parse_qs": _gone("3.8", "urllib.parse:parse_qs"),
    "cgi.parse_qsl": _gone("3.8", "urllib.parse:parse_qsl"),
    "configparser.SafeConfigParser": _gone("3.12", "configparser:ConfigParser"),
    "fractions.gcd": _gone("3.9", left="math.gcd is never negative; fractions.gcd had the sign of its second argument"),
    "importlib.find_loader": _gone("3.12", left="importlib.util.find_spec gives a specification, not a loader"),
    "inspect.formatargspec": _gone("3.11", left="inspect.signature writes a function's parameters"),
    "inspect.getmoduleinfo": _gone("3.6", left="inspect.getmodulename gives the name alone"),
    "itertools.ifilter": Gone(_PY2, left="filter, without itertools, does the same"),
    "itertools.imap": Gone(_PY2, left="map, without itertools, does the same"),
    "itertools.izip": Gone(_PY2, left="zip, without itertools, does the same"),
    "itertools.izip_longest": Gone(_PY2, "itertools:zip_longest"),
    "itertools.ifilterfalse": Gone(_PY2, "itertools:filterfalse"),
    "locale.format": _gone("3.12", left="locale.format_string takes whole formats"),
    "os.errno": _gone("3.7", "errno:"),
    "os.getcwdu": Gone(_PY2, "os:getcwd"),
    "pipes.quote": _gone("3.13", "shlex:quote"),
    "pkgutil.ImpImporter": _gone("3.12", left="importlib has finders in its place"),
    "pkgutil.ImpLoader": _gone("3.12", left="importlib has loaders in its place"),
    "platform.dist": _gone("3.8", left="platform.freedesktop_os_release, or the distro package"),
    "platform.linux_distribution": _gone("3.8", left="platform.freedesktop_os_release, or the distro package"),
    "platform.popen": _gone("3.8", left="subprocess runs commands"),
    "plistlib.readPlist": _gone("3.9", left="plistlib.load wants an open file"),
    "plistlib.writePlist": _gone("3.9", left="plistlib.dump wants an open file"),
    "plistlib.readPlistFromBytes": _gone("3.9", left="plistlib.loads returns other types for data"),
    "plistlib.writePlistToBytes": _gone("3.9", left="plistlib.dumps takes other types for data"),
    "string.join": Gone(_PY2, left="the method join of the separator"),
    "string.letters": Gone(_PY2, left="string.ascii_letters holds no letters of the locale"),
    "string.lowercase": Gone(_PY2, left="string.ascii_lowercase holds no letters of the locale"),
    "string.maketrans": Gone(_PY2, left="str.maketrans or bytes.maketrans"),
    "string.uppercase": Gone(_PY2, left="string.ascii_uppercase holds no letters of the locale"),
    "sys.getcheckinterval": _gone("3.9", left="sys.getswitchinterval counts seconds"),
    "sys.maxint": Gone(_PY2, left="int has no largest value; sys.maxsize is the largest index"),
    "sys.setcheckinterval": _gone("3.9", left="sys.setswitchinterval counts seconds"),
    "tarfile.filemode": _gone("3.8", "stat:filemode"),
    "time.clock": _gone("3.8", left="time.perf_counter for elapsed time, or time.process_time for the processor's?"),
    "unittest.findTestCases": _gone("3.13", left="unittest.defaultTestLoader.loadTestsFromModule"),
    "unittest.makeSuite": _gone("3.13", left="unittest.defaultTestLoader.loadTestsFromTestCase"),
}

C_ELEMENT_TREE = "xml.etree.cElementTree"

METHODS: dict[str, tuple[tuple[str, ...], str, str]] = {
    # method: the classes that had it, its name now, since when
    "readfp": (
        ("configparser.ConfigParser", "configparser.RawConfigParser", "configparser.SafeConfigParser"),
        "read_file",
        "3.12",
    ),
}

_BATTERIES = """
    aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap msilib nis nntplib ossaudiodev pipes sndhdr spwd sunau
    telnetlib uu xdrlib
"""

MODULES: dict[str, Gone] = {
    **{name: _gone("3.13", left="what of it is used? PEP 594 names successors") for name in _BATTERIES.split()},
    "asynchat": _gone("3.12", left="asyncio does its work"),
    "asyncore": _gone("3.12", left="asyncio does its work"),
    "binhex": _gone("3.11", left="nothing in the standard library replaces it"),
    "distutils": _gone("3.12", left="setuptools, packaging, shutil and sysconfig hold its parts"),
    "dummy_threading": _gone("3.9", left="threading is always there"),
    "formatter": _gone("3.10", left="nothing in the standard library replaces it"),
    "imp": _gone("3.12", left="importlib does its work: which part is used?"),
    "macpath": _gone("3.8", left="nothing in the standard library replaces it"),
    "parser": _gone("3.10", left="ast does its work"),
    "smtpd": _gone("3.12", left="the aiosmtpd package does its work"),
    "symbol": _gone("3.10", left="ast does its work"),
}

STAND_INS: dict[str, tuple[str, ...]] = {
    # distributions that bring a removed module back
    "asynchat": ("pyasynchat",),
    "asyncore": ("pyasyncore",),
    "audioop": ("audioop-lts",),
    "cgi": ("legacy-cgi",),
    "cgitb": ("legacy-cgi",),
    "crypt": ("legacycrypt", "crypt-r", "standard-crypt"),
    "distutils": ("setuptools",),
    "imp": ("zombie-imp",),
}
