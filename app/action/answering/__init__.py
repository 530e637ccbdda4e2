"""The Action answers: commands in comments, reviews that were submitted, and pull requests on a schedule, by the
workflows of the App. Only this room needs the libraries that talk to GitHub (`requirements.lock`), so it is imported
only where an event asks for it."""
