#!/bin/sh
# Builds version 0.1 into build/version-0.1 for comparing measurements. Without its commit nothing is compared.
set -eu
commit=59cc044
folder=build/version-0.1
[ ! -e "$folder/.aws-sam/build/template.yaml" ] || exit 0
if ! git cat-file -e "$commit^{commit}" 2>/dev/null; then
  echo "NOTE: commit $commit, version 0.1, is absent, as in a shallow clone: nothing is compared with it." >&2
  echo "NOTE: \`git fetch --unshallow\` brings it." >&2
  exit 0
fi
sam=$PWD/.venv-sam/bin/sam
git worktree prune
[ -d "$folder" ] || git worktree add --quiet --detach "$folder" "$commit"
cd "$folder"
SAM_CLI_TELEMETRY=0 exec "$sam" build
