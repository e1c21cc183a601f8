#!/usr/bin/env bash
# Replaces the replicas of services by new ones, one after the other: a new one is started and waited for before an old one is stopped, so that
# there are never fewer than before. What does not become healthy is taken away again, and the old ones serve on.
#   deploy/rollout.sh                                        # user, photo, transaction, ai, upload
#   deploy/rollout.sh -f deploy/compose.acme.yaml photo      # one of them, with the overlay that the installation runs with
#   deploy/rollout.sh --no-build                             # images that are there already
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

files=(-f deploy/compose.yaml)
build=true
services=()
while [ $# -gt 0 ]; do
  case $1 in
    -f) files+=(-f "$2") && shift 2 ;;
    --no-build) build=false && shift ;;
    -*) echo "There is no option $1: see the head of deploy/rollout.sh." >&2 && exit 2 ;;
    *) services+=("$1") && shift ;;
  esac
done
if [ ${#services[@]} -eq 0 ]; then services=(user photo transaction ai upload); fi

compose() { docker compose "${files[@]}" --env-file deploy/.env "$@"; }
replicas() { compose ps -q "$1"; }

# Drained, and gone with the volume that was its alone.
remove() {
  docker stop "$1" >/dev/null
  docker rm -v "$1" >/dev/null
}

rollout() {
  local service=$1 old before id count fresh
  old=$(replicas "$service")
  if [ -z "$old" ]; then
    echo "$service does not run: start it with docker compose up." >&2
    return 1
  fi
  count=$(wc -l <<<"$old")
  for id in $old; do
    before=$(replicas "$service")
    if ! compose up -d --no-deps --no-build --no-recreate --wait --wait-timeout 300 --scale "$service=$((count + 1))" "$service"; then
      fresh=$(comm -13 <(sort <<<"$before") <(replicas "$service" | sort))
      for id in $fresh; do
        docker logs --tail 20 "$id" >&2 || true
        remove "$id"
      done
      echo "A new replica of $service did not become healthy and was taken away. The others serve on." >&2
      return 1
    fi
    remove "$id"
    echo "$service: $id is replaced"
  done
}

if $build; then compose build provision "${services[@]}"; fi
# Roles and databases that a new version wants; nothing where all is as it should be.
compose run --rm --no-deps provision
for service in "${services[@]}"; do rollout "$service"; done
