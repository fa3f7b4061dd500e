#!/bin/sh
# Runs a command with a PostgreSQL cluster of its own, which is gone when the command is done.
#
#     tests/support/postgres.sh COMMAND [ARGUMENT...]
#
# The command finds the URL of an empty database in DATABASE_URL, and `{}` among its arguments is replaced by it. Without
# a command the URL is printed and the cluster runs until it is interrupted. The programs of PostgreSQL are looked for in
# PG_BIN, in the PATH and where Debian puts them.
set -eu

bin=${PG_BIN:-}
if [ -z "$bin" ]; then
    found=$(command -v pg_ctl || ls /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | tail -n 1)
    [ -n "$found" ] || { echo "PostgreSQL is not installed: there is no pg_ctl" >&2; exit 77; }
    bin=$(dirname "$(realpath "$found")")
fi

# PostgreSQL refuses to run as root.
as_owner() {
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups "$@"; else "$@"; fi
}

work=$(mktemp -d)
chmod 711 "$work"
mkdir "$work/data"
[ "$(id -u)" -ne 0 ] || chown postgres:postgres "$work" "$work/data"
finish() {
    as_owner "$bin/pg_ctl" --pgdata "$work/data" --mode immediate --silent stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

cd "$work"
as_owner "$bin/initdb" --pgdata "$work/data" --username tracker --auth trust --encoding UTF8 --locale C --no-sync >/dev/null
port=
for _ in 1 2 3 4 5; do
    candidate=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    # Durability is of no use to what is thrown away.
    if as_owner "$bin/pg_ctl" --pgdata "$work/data" --log "$work/log" --wait --silent --options \
        "-c listen_addresses=127.0.0.1 -c port=$candidate -c unix_socket_directories='' -c fsync=off" start; then
        port=$candidate
        break
    fi
done
[ -n "$port" ] || { cat "$work/log" >&2; exit 1; }
as_owner "$bin/createdb" --host 127.0.0.1 --port "$port" --username tracker tracker
DATABASE_URL=postgres://tracker@127.0.0.1:$port/tracker
export DATABASE_URL

cd "$OLDPWD"
if [ $# -eq 0 ]; then
    echo "$DATABASE_URL"
    while sleep 3600; do :; done
fi
for argument do
    shift
    [ "$argument" != '{}' ] || argument=$DATABASE_URL
    set -- "$@" "$argument"
done
"$@"
