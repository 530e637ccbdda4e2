"""The workflows that the documentation shows."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Example:
    """One workflow of a page."""

    number: int
    text: str

    def written(self, folder: Path) -> Path:
        """A file where tools look for workflows, in `folder`."""
        place = folder / ".github" / "workflows" / f"example{self.number}.yml"
        place.parent.mkdir(parents=True)
        place.write_text(self.text, encoding="utf-8")
        return place


def workflows(page: str) -> list[Example]:
    """All that a page shows, with a commit where it says COMMIT."""
    found = re.findall(r"(?ms)^```yaml\n(name: .*?)^```$", page)
    return [Example(number, text.replace("@COMMIT", f"@{'c0ffee' * 7:.40}")) for number, text in enumerate(found, 1)]
