#!/bin/sh
# Tests the running service against its OpenAPI document with schemathesis: well-formed and ill-formed requests to every
# operation, and chains of them. It fails if any check fails.
#
#     tests/schemathesis/run.sh [DATABASE_URL] [BINARY] [OPTION...]
#     tests/schemathesis/run.sh prepare
#     tests/schemathesis/run.sh campaign MINUTES [DATABASE_URL] [BINARY] [OPTION...]
#
# `prepare` only installs what it needs, so that two runs can begin at once.
# `campaign` runs again and again for so long, each time with cases that are drawn anew and on what the runs before have left,
# and goes on when something is found.
# DATABASE_URL is `sqlite` (a new file, thrown away) if it is not given, or the URL of a PostgreSQL database that may be
# filled; BINARY is target/debug/directive-tracker. Options go to `schemathesis run`. What was sent and answered is
# written to target/schemathesis.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/schemathesis
minutes=
if [ "${1:-}" = campaign ]; then
    minutes=${2:?how many minutes?}
    shift 2
fi
database=${1:-sqlite}
[ $# -eq 0 ] || shift
home=$root/target/schemathesis
mkdir -p "$home"
if ! cmp -s "$here/requirements.txt" "$home/venv/requirements.txt"; then
    rm -rf "$home/venv"
    python3 -m venv "$home/venv"
    "$home/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$home/venv/"
fi
[ "$database" != prepare ] || exit 0
binary=$(realpath "${1:-$root/target/debug/directive-tracker}")
[ $# -eq 0 ] || shift

work=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || { kill "$server" && wait "$server" || true; } 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

[ "$database" != sqlite ] || database=sqlite:$work/tracker.db
name=$(echo "$database" | cut -d : -f 1)
log=$home/$name-server.log
: >"$log"
DIRECTIVE_TRACKER_REQUESTS_PER_MINUTE=0 RUST_LOG=info "$binary" serve --listen 127.0.0.1:0 --database-url "$database" --secret-file "$work/secret" --sample \
    2>"$log" &
server=$!
url=
for _ in $(seq 300); do
    url=$(sed -n 's|.*serving .* on \(http://[0-9.:]*\).*|\1|p' "$log")
    [ -z "$url" ] || break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.2
done
[ -n "$url" ] || { echo "the server did not start:" >&2; cat "$log" >&2; exit 1; }

API_TOKEN=$("$binary" token --subject schemathesis --role editor --expires 8h --secret-file "$work/secret")
export API_TOKEN
"$binary" openapi >"$work/openapi.json"
cd "$here"
if [ -n "$minutes" ]; then
    # `schemathesis fuzz` would do it in one go, but breaks off with an error of its own.
    end=$(($(date +%s) + minutes * 60))
    outcome=0
    while [ "$(date +%s)" -lt "$end" ]; do
        seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
        sed -e 's/^deterministic = true/deterministic = false/' -e "s/^seed = .*/seed = $seed/" schemathesis.toml \
            >"$work/campaign.toml"
        "$home/venv/bin/schemathesis" --config-file "$work/campaign.toml" run "$work/openapi.json" --url "$url" \
            --phases fuzzing,stateful --report junit --report-junit-path "$home/$name-$seed.xml" "$@" || outcome=1
    done
    exit "$outcome"
fi
"$home/venv/bin/schemathesis" --config-file schemathesis.toml run "$work/openapi.json" --url "$url" \
    --phases examples,coverage,fuzzing,stateful --report junit --report-junit-path "$home/$name.xml" "$@"
