"""All projects, in the order of the table. A new one is a value in its topic's tuple; a new topic a line here."""

from tests.hostile.honest import HONEST
from tests.hostile.project import Hostile
from tests.hostile.projects.configuration import CONFIGURATION
from tests.hostile.projects.disk import DISK
from tests.hostile.projects.git import GIT
from tests.hostile.projects.memory import MEMORY
from tests.hostile.projects.names import NAMES
from tests.hostile.projects.network import NETWORK
from tests.hostile.projects.outcomes.channel import CHANNEL
from tests.hostile.projects.outcomes.forged import FORGED
from tests.hostile.projects.outcomes.frameworks import FRAMEWORKS
from tests.hostile.projects.outcomes.hooks import HOOKS
from tests.hostile.projects.outcomes.insider import INSIDER
from tests.hostile.projects.outcomes.rewritten import REWRITTEN
from tests.hostile.projects.output import OUTPUT
from tests.hostile.projects.planted import PLANTED
from tests.hostile.projects.processes import PROCESSES
from tests.hostile.projects.reading import READING
from tests.hostile.projects.terminal import TERMINAL
from tests.hostile.projects.writing import WRITING

PROJECTS: tuple[Hostile, ...] = (
    *READING,
    *WRITING,
    *NETWORK,
    *PROCESSES,
    *MEMORY,
    *DISK,
    *OUTPUT,
    *TERMINAL,
    *GIT,
    *FORGED,
    *FRAMEWORKS,
    *HOOKS,
    *REWRITTEN,
    *CHANNEL,
    *INSIDER,
    *PLANTED,
    *CONFIGURATION,
    *NAMES,
    *HONEST,
)
