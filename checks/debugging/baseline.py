"""A record of the findings that an old code base begins with: they are not reported again."""

import json
from collections import Counter
from collections.abc import Container, Iterable
from pathlib import Path

from checks.model.errors import Refusal
from checks.model.findings import Finding

VERSION = 1
LARGEST = 64 * 1024 * 1024


def written(findings: Iterable[Finding]) -> str:
    """The record as JSON: fingerprints decide, the rest is for people who read the file in a review."""
    rows = [
        {"fingerprint": f.fingerprint, "rule": f.rule, "file": f.file, "text": f.text}
        for f in sorted(findings, key=lambda f: (f.file, f.line, f.column, f.rule))
    ]
    return json.dumps({"version": VERSION, "findings": rows}, indent=1, ensure_ascii=True) + "\n"


def read(path: Path) -> Counter[str]:
    """How often each fingerprint is recorded. Raises Refusal where the file is missing or is no such record."""
    remedy = "Write one: selfmod review --write-baseline FILE"
    try:
        if not path.is_file() and path.exists():
            raise Refusal(f"{path} is no regular file.", remedy)
        if path.stat().st_size > LARGEST:
            raise Refusal(f"{path} is larger than {LARGEST:,} bytes: no baseline.", remedy)
        value = json.loads(path.read_text(encoding="utf-8"))
        if value["version"] != VERSION:
            raise Refusal(f"{path} is a baseline of version {value['version']}; this is {VERSION}.", remedy)
        return Counter(str(row["fingerprint"]) for row in value["findings"])
    except FileNotFoundError:
        raise Refusal(f"{path} does not exist.", remedy) from None
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.", remedy) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refusal(f"{path} is no baseline of selfmod.", remedy) from None


def unrecorded(findings: Iterable[Finding], recorded: Counter[str], older: Container[int] = ()) -> list[Finding]:
    """The findings that the record has not.

    `older` holds the `id()` of findings that are known to have been there before: of equal findings, which differ in
    nothing but their number, those are taken for the recorded ones, and without it the upper ones."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.file, finding.rule, finding.scope, finding.text), []).append(finding)
    new = []
    for equal in groups.values():
        known = sum(recorded[finding.fingerprint] > 0 for finding in equal)
        equal.sort(key=lambda f: (id(f) not in older, f.line, f.column))
        new += equal[known:]
    return sorted(new, key=lambda f: (f.file, f.line, f.column, f.rule))
