#!/usr/bin/env bash
# Counts the instructions that the service takes for three reads, and compares them with counts.csv: more than a tenth
# above fails. And those of refusing a login, which must not tell whether there is such a user: a tenth of difference fails.
#
#     tests/instructions/run.sh [PROGRAM] [--accept]
#
# Instructions are the same whatever else the machine does, so that CI can compare them where no time can be told. They are
# those of the debug profile, which CI has built: they tell that something costs more, not what it costs when released
# (docs/performance.md has that). One thread serves and one reads: each has statements of its own to prepare, and a second
# would prepare them in the middle of what is counted. With --accept the counts are written to counts.csv. Needs valgrind and curl.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$here/../../target/debug/directive-tracker
accept=
for argument; do
  case $argument in
    --accept) accept=yes ;;
    *) program=$argument ;;
  esac
done
program=$(realpath "$program")
# How often each is asked, and how often that is counted.
times=3
rounds=3

scratch=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT
cd "$scratch"

export DIRECTIVE_TRACKER_DATABASE_URL=sqlite:$scratch/sample.db RUST_LOG=warn
export DIRECTIVE_TRACKER_SECRET='a secret of at least thirty-two bytes'
# What a quota costs is counted too; nobody uses this one up.
export DIRECTIVE_TRACKER_REQUESTS_PER_MINUTE=1000000
"$program" migrate
"$program" load sample
for ((round = 1; round <= rounds; round += 1)); do
  echo 'cá kho làng Vũ Đại' | "$program" user add "known$round" --role reader
done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
api=http://127.0.0.1:$port
valgrind --quiet --tool=callgrind --callgrind-out-file="$scratch/counts" \
  "$program" serve --workers 1 --readers 1 --listen "127.0.0.1:$port" 2>"$scratch/log" &
server=$!
curl --silent --fail --output /dev/null --retry 300 --retry-delay 1 --retry-all-errors "$api/healthz"

# Prints how many instructions the service takes while a command runs.
during() {
  callgrind_control --zero "$server" >/dev/null 2>&1
  "$@"
  callgrind_control --dump "$server" >/dev/null 2>&1
  awk '/^(summary|totals):/ { total = $2 } END { printf "%d\n", total }' "$(ls -t "$scratch"/counts.* | head -n 1)"
}

# Prints the lowest of the rounds of a function, which is given the number of the round: what the service does by itself now
# and then falls into one of them.
lowest() {
  for ((round = 1; round <= rounds; round += 1)); do
    "$@" "$round"
  done | sort -n | head -n 1
}

ask() {
  curl --silent --fail --output /dev/null "$1"
}

# Prints how many instructions a request of `$1` takes, once everything is prepared. curl asks over one connection.
counted() {
  local urls="$api$1#[1-$times]"
  curl --silent --fail --globoff --output /dev/null "$api$1"
  ask "$urls"
  printf '%d\n' "$(($(lowest asked "$urls") / times))"
}

asked() {
  during ask "$1"
}

sign_in() {
  curl --silent --output /dev/null --header 'Content-Type: application/json' \
    --data "{\"grant_type\":\"password\",\"username\":\"$1\",\"password\":\"wrong\"}" "$api/v1/auth/token"
}

# A name may not be tried twice within a second, so that each round has its own.
refused_login() {
  during sign_in "$1$2"
}

list='/v1/conferences?held_from=2010-01-01&held_to=2025-12-31&sort=-held_on&limit=20'
{
  echo 'request,instructions'
  echo "a document,$(counted /v1/documents/5)"
  echo "conferences,$(counted "$list")"
  echo "conferences with documents,$(counted "$list&expand=conference_documents.document")"
} >found.csv

if [ -n "$accept" ]; then
  cp found.csv "$here/counts.csv"
  cat found.csv
  exit
fi
awk -F, '
  NR == FNR { known[$1] = $2; next }
  FNR > 1 {
    change = ($2 / known[$1] - 1) * 100
    printf "%s: %d instructions, %+.1f %%\n", $1, $2, change
    if (!($1 in known) || change > 10) failed = 1
  }
  END { exit failed }
' "$here/counts.csv" found.csv || {
  echo 'more than a tenth above tests/instructions/counts.csv: find out why, or take it over with --accept' >&2
  exit 1
}

sign_in first
known=$(lowest refused_login known)
unknown=$(lowest refused_login unknown)
awk -v known="$known" -v unknown="$unknown" 'BEGIN {
  change = (unknown / known - 1) * 100
  printf "refusing nobody: %d instructions, %+.1f %% against a user\n", unknown, change
  exit (change > 10 || change < -10)
}' || {
  echo 'the time of a refused login tells whether there is such a user' >&2
  exit 1
}
