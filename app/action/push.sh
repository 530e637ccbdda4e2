#!/usr/bin/env bash
# Pushes the branch of the fixes with the credentials that actions/checkout left. Hooks of the clone do not run, and a
# branch that somebody else has committed on is left alone.
set -euo pipefail

# whose commits they are: WHO in app/action/fixing.py
email=selfmod@users.noreply.github.com

cd "$GITHUB_WORKSPACE/$SELFMOD_PATH"
git() { command git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c protocol.ext.allow=never "$@"; }
ref="refs/heads/$SELFMOD_BRANCH"
# the branch is replaced: it must be nobody's own
if [[ $SELFMOD_BRANCH != selfmod/?* ]] || ! git check-ref-format "$ref"; then
  echo "::error title=selfmod::the branch of the fixes must begin with selfmod/ and be a name that git takes."
  exit 2
fi

# nothing there yet, or what was pushed before: its author is ours
there=$(git ls-remote origin "$ref" | cut -f1)
if [ -n "$there" ]; then
  depth=()
  if [ "$(git rev-parse --is-shallow-repository)" = true ]; then depth=(--depth=1); fi
  git fetch --quiet --no-tags --no-recurse-submodules "${depth[@]}" origin "$there"
  if [ "$(git log -1 --no-mailmap --format='%ae %ce' "$there")" != "$email $email" ]; then
    echo "::warning title=selfmod::the branch $SELFMOD_BRANCH has a commit that is not selfmod's: it is left as it is."
    exit 0
  fi
fi
git push --quiet --no-verify --force-with-lease="$ref:$there" origin "$ref:$ref"
echo "selfmod: pushed $SELFMOD_BRANCH"
