"""Every dangerous pattern: what it is, what can come of it, what to do, and for whom it fails a change."""

from dataclasses import dataclass
from enum import StrEnum

from checks.model.findings import Severity
from checks.model.safety import Proposer


class Fails(StrEnum):
    """For whom a pattern fails the change; for everybody else it is listed, and raises the risk."""

    ALWAYS = "always"
    STRANGER = "from selfmod or a fork"
    OWN = "from selfmod"
    NEVER = "never"

    def fails(self, proposer: Proposer) -> bool:
        """Whether a change of this proposer fails."""
        whom = {
            Fails.ALWAYS: frozenset(Proposer),
            Fails.STRANGER: frozenset({Proposer.SELFMOD, Proposer.FORK}),
            Fails.OWN: frozenset({Proposer.SELFMOD}),
            Fails.NEVER: frozenset[Proposer](),
        }
        return proposer in whom[self]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern. `what` is seen, `danger` can come of it, `remedy` is to be done: parts of sentences. `severity` and
    `fails` are the usual ones: a file of patterns may lower them for what is harmless, and raise them for what is
    worse (`docs`: in words)."""

    rule: str
    what: str
    danger: str
    remedy: str
    severity: Severity
    fails: Fails
    cwe: int | None = None
    docs: str = ""


_S, _F = Severity, Fails

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "dangerous-hidden-code", "code that was decoded, downloaded or put together out of pieces is run",
        "nobody who reads the change sees what runs", "write the code down as code",
        _S.CRITICAL, _F.ALWAYS, 506, "also a dangerous name that is spelled in pieces: `getattr(os, 'sys' + 'tem')`",
    ),
    Pattern(
        "dangerous-eval", "text is run as code", "whoever can influence the text runs what they like",
        "parse the text (ast.literal_eval, json) or call a function by a table of names",
        _S.HIGH, _F.STRANGER, 95, "a text that is written out: low, never",
    ),
    Pattern(
        "dangerous-shell", "a command goes through a shell", "whatever the text holds is run as commands",
        "give a list of arguments to subprocess.run, without shell=True",
        _S.HIGH, _F.OWN, 78, "a command that is written out: medium",
    ),
    Pattern(
        "dangerous-process", "another program is started", "it does what its arguments say, with all our rights",
        "start only programs that the project needs, with arguments that nobody else chooses",
        _S.LOW, _F.NEVER, 77,
    ),
    Pattern(
        "dangerous-process-control", "processes are ended, split or taken over, or native code is called",
        "it reaches beyond what Python's own checks hold", "use subprocess, threading or asyncio, and a library",
        _S.MEDIUM, _F.OWN, 749, "`signal.signal` and `multiprocessing`: low, never",
    ),
    Pattern(
        "dangerous-deletion", "files are deleted by a path that is not fixed or is a broad one",
        "a wrong or hostile path deletes what cannot be got back",
        "delete a folder that was made here (tempfile), or check that the path lies beneath one",
        _S.MEDIUM, _F.OWN, 73, "the root, the home or the whole project: critical, always; single files: low, never",
    ),
    Pattern(
        "dangerous-write", "files are written outside the project", "what other programs read or run is changed",
        "write beneath the project or a temporary folder, or take the place from the caller",
        _S.MEDIUM, _F.OWN, 73, "`/tmp`: low, never; start-up files, keys, system folders: critical, selfmod or a fork",
    ),
    Pattern(
        "dangerous-network", "something outside is talked to", "data can leave, and what comes back is not known",
        "name the host in the code, set a timeout, and treat the answer as hostile",
        _S.MEDIUM, _F.NEVER, 918,
    ),
    Pattern(
        "dangerous-deserialisation", "objects are read that can run code while they are read",
        "whoever can write the data runs what they like", "use json, or a format that holds data only",
        _S.HIGH, _F.OWN, 502,
    ),
    Pattern(
        "dangerous-import", "a module is imported by a name that varies", "whoever chooses the name runs its code",
        "import the modules by name, or look the name up in a table", _S.MEDIUM, _F.OWN, 706,
    ),
    Pattern(
        "dangerous-import-time", "a file that is run by merely building, testing or importing reaches outside",
        "it happens before anybody asked for it", "do it in a function that is called when it is needed",
        _S.HIGH, _F.STRANGER, 829, "`__init__.py`: medium, selfmod",
    ),
    Pattern(
        "dangerous-credentials", "a place where credentials are kept is named", "keys and tokens can be sent away",
        "let the user's own tools read them", _S.HIGH, _F.STRANGER, 522,
    ),
    Pattern(
        "dangerous-download", "a script is downloaded and run at once", "whoever holds that host runs code here",
        "download a fixed version and compare its hash", _S.HIGH, _F.OWN, 494,
    ),
    Pattern(
        "dangerous-bidirectional", "a character changes the direction in which text is shown",
        "the code runs in another order than it is read (CVE-2021-42574)", r"write it as an escape (\u202e)",
        _S.CRITICAL, _F.ALWAYS, 1007, "in prose and translations, and single marks: medium, never",
    ),
    Pattern(
        "dangerous-invisible", "a character cannot be seen", "what looks the same differs, or text is hidden",
        "take it out, or write it as an escape", _S.MEDIUM, _F.OWN, 1007,
        "hidden text (tags, runs of variation selectors), and in names: critical, always",
    ),
    Pattern(
        "dangerous-look-alike", "a name has letters that look like those of another alphabet",
        "two names that look the same are two things (CVE-2021-42694)", "write the name in one alphabet",
        _S.HIGH, _F.ALWAYS, 1007, "outside Python: medium, never",
    ),
    Pattern(
        "dangerous-workflow", "a workflow, the CI or who must review is changed",
        "it runs with the repository's secrets, or takes a review away", "have somebody who keeps the CI look at it",
        _S.HIGH, _F.OWN, 829,
    ),
    Pattern(
        "dangerous-own-configuration", "selfmod's own configuration is changed",
        "it decides what is checked and who must agree", "change it in a pull request of a person's own",
        _S.HIGH, _F.OWN, 15,
    ),
    Pattern(
        "dangerous-agent-instructions", "instructions for programs that write code are changed",
        "they do what is written there, with the rights of whoever starts them", "read every line of it",
        _S.HIGH, _F.OWN, 829,
    ),
    Pattern(
        "dangerous-startup-file", "a file is changed that every Python runs when it starts",
        "its code runs in every program of the environment", "leave it out", _S.CRITICAL, _F.STRANGER, 829,
    ),
    Pattern(
        "dangerous-build-file", "a file is changed that says what runs or is installed in building and testing",
        "it runs on the machines of all who work on it", "read it as code that will run", _S.LOW, _F.NEVER, 829,
    ),
    Pattern(
        "dangerous-binary", "a file is changed that can run or be loaded and cannot be read",
        "nobody can see what is in it", "build it from source where it is needed", _S.MEDIUM, _F.OWN, 506,
    ),
    Pattern(
        "dangerous-link", "a link leads out of the repository or into git's own folder",
        "whoever follows it reads or writes a file of another place", "let it lead to a file of the repository",
        _S.CRITICAL, _F.ALWAYS, 59,
    ),
    Pattern(
        "dangerous-submodule", "another repository is taken in, or another commit of it",
        "code comes in that this change does not show", "look at that repository between the two commits",
        _S.MEDIUM, _F.OWN, 829,
    ),
    Pattern(
        "dangerous-mode", "a file becomes a program", "it can be started by its name", "leave its mode as it was",
        _S.LOW, _F.NEVER, 732,
    ),
    Pattern(
        "dangerous-path", "a path is one that git, or a file system, takes for another", "a checkout writes elsewhere",
        "give it a plain name", _S.CRITICAL, _F.ALWAYS, 22, "two names of one spelling and no link: low, never",
    ),
    Pattern(
        "outside-folders", "it lies outside the folders where selfmod may write",
        "the configuration forbids it", "allow the folder in the configuration, or make the change by hand",
        _S.HIGH, _F.OWN, 284,
    ),
)  # fmt: skip

BY_RULE = {pattern.rule: pattern for pattern in PATTERNS}


def sentence(pattern: Pattern, seen: str) -> str:
    """What is said of one place: what is there, what can come of it, what to do."""
    return f"{seen}: {pattern.danger}; {pattern.remedy}"
