"""What the App keeps in its database, kept in the pull requests themselves.

The store of a run begins empty. What earlier runs and people left on GitHub is put into it, the workflows work on it as
the App's do, and what must outlast the run is written back: into the body of a pull request of selfmod's own, or onto
one branch for emergency stops. What anybody could write counts only as far as it is checked anew."""
