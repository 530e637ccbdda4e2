"""Where things lie without mounts: what a command calls by its path inside, and what stands there in its place."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from checks.sandbox import port
from checks.sandbox.port import OURS, Command
from checks.sandbox.weaker.rules import DEVICE, READ, WRITE

FOLDER, TEMPORARY, BOUND = "project", "tmp", "bound"
"""The folders of a work folder: the files, what TMPDIR names, and links to what is bound elsewhere than it lies."""
REPORTER = str(Path(port.__file__).parent / "reporter")
_ETC = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "ld.so.preload", "alternatives", "localtime", "timezone", "passwd"),
    *("group", "nsswitch.conf", "hosts", "host.conf", "services", "protocols", "mime.types", "os-release", "magic"),
    *("ssl/certs", "ssl/openssl.cnf", "pki/tls/certs", "ca-certificates", "debian_version", "locale.alias", "fonts"),
)
SYSTEM: tuple[tuple[str, int], ...] = (
    *((f"/{name}", READ) for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64", "nix/store", "gnu/store")),
    *((f"/etc/{name}", READ) for name in _ETC),
    ("/proc", READ),
    ("/sys/devices/system/cpu", READ),
    *((f"/dev/{name}", DEVICE) for name in ("null", "zero", "full")),
    *((f"/dev/{name}", READ) for name in ("random", "urandom")),
)
"""What every command may use of the host, with its rights."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one command in the work folder `made`."""

    made: str
    asked: Command

    def allowed(self) -> tuple[tuple[str, int], ...]:
        """What it may use beside SYSTEM; relative paths are in the work folder."""
        bound = tuple((str(binding.host), READ) for binding in self.asked.bindings)
        return ((FOLDER, WRITE), (TEMPORARY, WRITE), (BOUND, READ), (REPORTER, READ), *bound)

    def links(self) -> dict[str, str]:
        """Names in the folder of what is bound, with what they lead to."""
        return {
            binding.inside.strip("/"): str(binding.host)
            for binding in self.asked.bindings
            if binding.inside != str(binding.host)
        }

    def command(self) -> Command:
        """The command as it is run: with its paths replaced, and TMPDIR."""
        places = self._inside()
        argv = tuple(_replaced(each, places) for each in self.asked.argv)
        # a variable may well name the folder for temporary files; elsewhere the word is a test's own
        everywhere = {"/tmp": f"{self.made}/{TEMPORARY}", **places}  # noqa: S108  # replaced, not used
        given = {name: _replaced(value, everywhere) for name, value in self.asked.environment.items()}
        given.setdefault("TMPDIR", f"{self.made}/{TEMPORARY}")
        return replace(self.asked, argv=argv, environment=given)

    def stdin(self) -> bytes:
        """Standard input with its paths replaced."""
        return os.fsencode(_replaced(os.fsdecode(self.asked.stdin), self._inside()))

    def _inside(self) -> dict[str, str]:
        places = {str(binding.host): str(binding.host) for binding in self.asked.bindings}
        for name in self.links():
            # what lies above is meant too, where the host has nothing of that name (`/packages`)
            above = [str(each) for each in Path("/", name).parents if each != Path("/") and not each.exists()]
            places |= {each: f"{self.made}/{BOUND}{each}" for each in (f"/{name}", *above)}
        return {**places, OURS: REPORTER, self.asked.folder: f"{self.made}/{FOLDER}"}


def _replaced(text: str, places: Mapping[str, str]) -> str:
    """The text with each path of `places` replaced, and whatever lies beneath one; the longest that fits counts."""
    names = "|".join(re.escape(name) for name in sorted(places, key=len, reverse=True))
    return re.sub(rf"(?<![\w./-])({names})(?![\w.-])", lambda found: places[found[1]], text)
