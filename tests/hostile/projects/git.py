"""Git as a way out: what lies in the tree is the project's, and git on the host must do nothing that it says."""

from collections.abc import Mapping

from tests.hostile.project import Content, Hostile, Noticed, attempt

_T = "git"
_GOOD = {"test_it.py": "def test_it():\n    pass\n"}
_REPOSITORY: dict[str, Content] = {
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": "[core]\n\trepositoryformatversion = 0\n\tbare = false\n",
    ".git/objects/info/.keep": "",
    ".git/refs/heads/.keep": "",
}
_SAYS = "#!/bin/sh\ntouch <<target>>/ran-by-git\n"


def _planted(name: str, tries: str, files: Mapping[str, Content]) -> Hostile:
    """A project with an honest test in a repository that git must not believe."""
    return Hostile(name, _T, tries, {**_REPOSITORY, **_GOOD, **files}, noticed=Noticed.NEVER)


GIT: tuple[Hostile, ...] = (
    _planted(
        "commands-in-its-configuration",
        "Names commands in .git/config for the monitor, the pager, the editor, ssh and diffs.",
        {
            ".git/config": """[core]
	repositoryformatversion = 0
	bare = false
	fsmonitor = "touch <<target>>/ran-by-git; false"
	pager = "touch <<target>>/ran-by-git"
	editor = "touch <<target>>/ran-by-git"
	sshCommand = "touch <<target>>/ran-by-git"
	askPass = "touch <<target>>/ran-by-git"
	gitProxy = "touch <<target>>/ran-by-git"
[diff]
	external = "touch <<target>>/ran-by-git"
[credential]
	helper = "!touch <<target>>/ran-by-git"
[gpg]
	program = "touch <<target>>/ran-by-git"
[alias]
	status = "!touch <<target>>/ran-by-git"
	ls-files = "!touch <<target>>/ran-by-git"
""",
        },
    ),
    _planted(
        "hooks",
        "Plants hooks, in .git/hooks and in a folder that core.hooksPath names.",
        {
            ".git/config": "[core]\n\trepositoryformatversion = 0\n\thooksPath = hooks\n",
            **{
                f"{folder}/{name}": _SAYS
                for folder in (".git/hooks", "hooks")
                for name in ("post-checkout", "pre-commit", "post-index-change", "reference-transaction")
            },
        },
    ),
    _planted(
        "filters",
        "Names a filter in .gitattributes that its configuration runs on every file.",
        {
            ".gitattributes": "* filter=evil diff=evil merge=evil textconv=evil\n",
            ".git/config": "[core]\n\trepositoryformatversion = 0\n"
            '[filter "evil"]\n\tclean = "touch <<target>>/ran-by-git; cat"\n'
            '\tsmudge = "touch <<target>>/ran-by-git; cat"\n\trequired = true\n'
            '[diff "evil"]\n\ttextconv = "touch <<target>>/ran-by-git"\n\tcommand = "touch <<target>>/ran-by-git"\n',
        },
    ),
    _planted(
        "submodules",
        "Names submodules whose update, address or path runs a command.",
        {
            ".gitmodules": '[submodule "a"]\n\tpath = a\n\turl = ext::sh -c touch% <<target>>/ran-by-git\n'
            '\tupdate = !touch <<target>>/ran-by-git\n[submodule "../../b"]\n\tpath = b\n\turl = -u./payload\n',
            ".git/modules/a/config": "[core]\n\tfsmonitor = touch <<target>>/ran-by-git\n",
            "a/.git": "gitdir: ../.git/modules/a\n",
        },
    ),
    Hostile(
        "git-folder-elsewhere",
        _T,
        "Has a file .git that names a folder outside the project.",
        {
            **_GOOD,
            ".git": "gitdir: <<target>>/planted\n",
        },
        noticed=Noticed.NEVER,
    ),
    _planted(
        "bare-repository-inside",
        "Hides a bare repository with commands in its configuration in a folder of the tree.",
        {
            "inner/HEAD": "ref: refs/heads/main\n",
            "inner/config": "[core]\n\tbare = true\n\tworktree = ..\n\tfsmonitor = touch <<target>>/ran-by-git\n",
            "inner/objects/.keep": "",
            "inner/refs/.keep": "",
        },
    ),
    _planted(
        "included-configuration",
        "Includes a configuration of the tree, and objects of a folder of the host.",
        {
            ".git/config": "[core]\n\trepositoryformatversion = 0\n[include]\n\tpath = ../evil.gitconfig\n",
            "evil.gitconfig": "[core]\n\tfsmonitor = touch <<target>>/ran-by-git\n",
            ".git/objects/info/alternates": "<<target>>\n",
        },
    ),
    attempt(
        "repository-of-the-host",
        _T,
        "Writes a hook and a configuration into the repository that it lies in.",
        """
        def test_attempt():
            os.makedirs(".git/hooks", exist_ok=True)
            Path(".git/hooks/post-checkout").write_text("#!/bin/sh\\ntouch <<target>>/ran-by-git\\n")
            Path(".git/config").write_text("[core]\\n\\tfsmonitor = touch <<target>>/ran-by-git\\n")
        """,
        noticed=Noticed.NEVER,
        files=_REPOSITORY,
    ),
    attempt(
        "running-git",
        _T,
        "Runs git with a helper of its own to reach the host's credentials and configuration.",
        """
        import shutil

        def test_attempt():
            git = shutil.which("git")
            if not git:
                return
            done = subprocess.run([git, "config", "--list", "--show-origin"], capture_output=True)
            assert b"<<tokenhead>>" not in done.stdout + done.stderr, "ESCAPED"
        """,
        noticed=Noticed.HOST,
    ),
)
