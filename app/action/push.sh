#!/usr/bin/env bash
# Pushes the branch of the fixes with the credentials that actions/checkout left. Hooks of the clone do not run, and a
# branch that somebody else has committed on is left alone.
set -euo pipefail

cd "$GITHUB_WORKSPACE/$SELFMOD_PATH"
git() { command git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c protocol.ext.allow=never "$@"; }
git check-ref-format --branch "$SELFMOD_BRANCH" >/dev/null
ref="refs/heads/$SELFMOD_BRANCH"

# nothing there yet, or what we pushed before: its author is ours
there=$(git ls-remote origin "$ref" | cut -f1)
if [ -n "$there" ]; then
  git fetch --quiet --no-tags --depth=1 origin "$there"
  author=$(git log -1 --no-mailmap --format=%ae "$there")
  if [ "$author" != "$SELFMOD_EMAIL" ]; then
    echo "::warning title=selfmod::the branch $SELFMOD_BRANCH has a commit that is not selfmod's: it is left as it is."
    exit 0
  fi
fi
git push --quiet --force-with-lease="$ref:$there" origin "$ref:$ref"
