"""`python -m tests.hostile [--backend bubblewrap|weaker|bare] [--json] [NAME or TOPIC …]`: prints the table."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence

from checks.model.errors import Refusal
from tests.hostile import backends, canaries
from tests.hostile.every import PROJECTS
from tests.hostile.harness import Seen, tried
from tests.hostile.project import Hostile, Noticed


def main(words: Sequence[str]) -> int:
    """Runs the chosen projects one after the other; 0 where all held (without isolation: where all were noticed)."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--backend", choices=sorted(backends.BACKENDS), default="bubblewrap")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("only", nargs="*", metavar="NAME or TOPIC")
    asked = parser.parse_args(words)
    try:
        sandbox = backends.BACKENDS[asked.backend]()
    except Refusal as refusal:
        print(f"{parser.prog}: {refusal}", file=sys.stderr)
        return 2
    found = []
    with canaries.host() as host:
        for project in chosen(asked.only):
            found.append(tried(project, sandbox, host))
            if not asked.json:
                print(line(found[-1], asked.backend), flush=True)
    print(json.dumps([row(each) for each in found], indent=1) if asked.json else totals(found, asked.backend))
    return 0 if all(right(each, asked.backend) for each in found) else 1


def chosen(only: Sequence[str]) -> list[Hostile]:
    """The projects with these names or topics; all where none is named."""
    return [each for each in PROJECTS if not only or each.name in only or each.topic in only]


def right(seen: Seen, backend: str) -> bool:
    """Whether this backend did what is expected of it: without isolation a project must be noticed."""
    if backend == "bare":
        return not seen.held or not backends.must_be_noticed(seen.project)
    return seen.held or bool(seen.project.known) or (backend == "weaker" and bool(seen.project.weak))


def row(seen: Seen) -> dict[str, object]:
    """One project as plain data."""
    project = seen.project
    return {
        "topic": project.topic,
        "name": project.name,
        "tries": project.tries,
        "expected": project.expects.value,
        "seen": seen.verdict,
        "held": seen.held,
        "faults": list(seen.faults),
        "why": seen.why,
        "known": project.known,
        "weak": project.weak,
        "seconds": round(seen.seconds, 2),
    }


def line(seen: Seen, backend: str) -> str:
    """One line of the table."""
    project = seen.project
    mark = "held" if seen.held else "noticed" if backend == "bare" else "known" if right(seen, backend) else "NOT HELD"
    if backend == "bare" and seen.held and backends.must_be_noticed(project):
        mark = "NOT NOTICED"
    told = f"{project.topic:13} {project.name:38} {project.expects:8} {seen.verdict:9} {seen.seconds:5.1f} s  {mark:8}"
    return f"{told} {project.tries}" + "".join(f"\n{'':15}{each}" for each in seen.faults)


def totals(found: Iterable[Seen], backend: str) -> str:
    """The last lines: how many held, by topic and together."""
    rows = list(found)
    lines = []
    for topic in dict.fromkeys(each.project.topic for each in rows):
        of = [each for each in rows if each.project.topic == topic]
        lines.append(f"{topic:13} {sum(each.held for each in of):3} of {len(of):3} held")
    held, seconds = sum(each.held for each in rows), sum(each.seconds for each in rows)
    lines.append(f"{'together':13} {held:3} of {len(rows):3} held ({backend}, {seconds:.0f} s)")
    if backend == "bare":
        must = [each for each in rows if backends.must_be_noticed(each.project)]
        noticed = sum(not each.held for each in must)
        lines.append(f"{noticed} of the {len(must)} that reach out of a sandbox were noticed without one")
        never = sum(each.project.noticed is Noticed.NEVER for each in rows)
        lines.append(f"{never} are no matter of isolation (forged outcomes, configuration, names, honest projects)")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
