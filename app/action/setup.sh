#!/usr/bin/env bash
# Installs selfmod from the Action's own checkout into an environment of its own, never into the project's, and lets
# the sandbox make user namespaces on Ubuntu's runners. Nothing of the workspace has a say in it.
set -euo pipefail

home="$RUNNER_TEMP/selfmod"
# neither modules, nor a .python-version, nor a pip.conf of the workspace are where Python and pip look
cd "$RUNNER_TEMP"
# shellcheck disable=SC2046  # names of variables have no spaces
unset $(compgen -e PYTHON || true)
# of what steers pip only where packages come from: each of them has to have its hash
for name in $(compgen -e PIP_ || true); do
  case "$name" in
  PIP_INDEX_URL | PIP_EXTRA_INDEX_URL | PIP_PROXY | PIP_CERT | PIP_CLIENT_CERT | PIP_DEFAULT_TIMEOUT) ;;
  *) unset "$name" ;;
  esac
done

# what talks to GitHub is needed where something is answered or opened, and a judgement does without
lock=app/action/requirements.lock
case "${GITHUB_EVENT_NAME:-}" in
issue_comment | pull_request_review) lock=app/action/answering/requirements.lock ;;
schedule | workflow_dispatch) [ "${SELFMOD_OPEN:-true}" = false ] || lock=app/action/answering/requirements.lock ;;
esac

# what is installed: this very content, with an interpreter that still is there
wanted=$(echo "$lock" && cd "$GITHUB_ACTION_PATH" && find app checks pyproject.toml -type f ! -name '*.pyc' -print0 |
  LC_ALL=C sort -z | xargs -0 cksum | cksum)
if [ "$(cat "$home/.ready" 2>/dev/null)" != "$wanted" ] || ! "$home/bin/python" -I -c '' 2>/dev/null; then
  found=
  for python in python3.13 python3.14 python3.12 python3 python; do
    if "$python" -I -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
      found=$python
      break
    fi
  done
  if [ -z "$found" ]; then
    echo "::error title=selfmod::selfmod needs Python 3.12 or newer: add actions/setup-python before it."
    exit 2
  fi
  rm -rf "$home"
  "$found" -I -m venv "$home"
  pip=("$home/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-input)
  "${pip[@]}" --only-binary :all: --require-hashes --requirement "$GITHUB_ACTION_PATH/$lock"
  "${pip[@]}" --no-index --no-deps --no-build-isolation "$GITHUB_ACTION_PATH"
  printf '%s\n' "$wanted" >"$home/.ready"
fi

# Ubuntu 23.10 and newer let AppArmor refuse user namespaces to programs without a profile
restricted=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
if [ "${SELFMOD_SANDBOX:-on}" = on ] && [ "$(cat "$restricted" 2>/dev/null)" = 1 ] && [ "$(id -u)" != 0 ]; then
  sudo -n sysctl --quiet --write kernel.apparmor_restrict_unprivileged_userns=0 ||
    echo "::warning title=selfmod::user namespaces are refused here and cannot be allowed without sudo: the weaker sandbox is used, or none."
fi
