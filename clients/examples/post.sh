#!/bin/sh
# Says something in a room: post.sh ROOM TEXT…
# PARLEY_URL and PARLEY_TOKEN come from the environment.
set -eu
room=$1
shift

# The message's own id: curl may send it several times, and it is there once.
id=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)

# The text as a JSON string: backslashes, quotes, tabs and line ends are escaped.
tab=$(printf '\t')
text=$(printf '%s\n' "$*" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$tab/\\\\t/g" |
    awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }')

# The token goes in by a file descriptor: what is on a command line, everybody on the machine can read.
printf 'header = "Authorization: Bearer %s"\n' "$PARLEY_TOKEN" |
    curl --config - --silent --show-error --fail-with-body \
        --retry 8 --retry-connrefused --retry-max-time 60 \
        --header 'Content-Type: application/json' \
        --data-binary "{\"id\":\"$id\",\"body\":\"$text\"}" \
        "$PARLEY_URL/api/v1/rooms/$room/messages/"
echo
