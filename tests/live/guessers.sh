#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Who guesses passwords at the doors, and who shares his address: each has an address of its own, none of them a loopback address.
# usage: guessers.sh BUILD_FOLDER
if [ "${GUESSERS_INSIDE:-}" != yes ]; then
    unshare -rn true 2>/dev/null || { echo "1..0 # SKIP there are no network namespaces here" && exit 0; }
    GUESSERS_INSIDE=yes exec unshare -rn sh "$0" "$@"
fi
ip link set lo up && for host in 7 8 9; do ip addr add 192.0.2.$host/32 dev lo; done
. "$(dirname "$0")/lib.sh"
[ -x "$LIVE" ] || { echo "1..0 # SKIP bauta-live is not built" && exit 0; }

from() { # from HOST PATH USER:PASSWORD: is let in
    curl -s -m 5 -o /dev/null -w '%{http_code}' --digest -u "$3" --interface "192.0.2.$1" "http://192.0.2.7:$HTTP$2" >said.txt
    grep -q 200 said.txt
}
guess() { # guess STATUS HOST USER: many at once, since each waits for its answer in the end; one of them is told that
    seq 120 | xargs -P 120 -I N curl -s -m 9 -o /dev/null -w '%{http_code}\n' --digest -u "$3:wrongN" --interface "192.0.2.$2" \
        "http://192.0.2.7:$HTTP/metrics" >said.txt
    grep -q "$1" said.txt
}

new_ports
printf '[viewer]\npassword = right\n' >users.ini && chmod 600 users.ini
printf '[service]\nrtsp = 0.0.0.0:%s\nhttp = 0.0.0.0:%s\nusers = users.ini\n[camera front]\nsource = test:ball\nrecovery = none\n%s\n' \
    "$RTSP" "$HTTP" 'snapshot = no' >live.ini
printf 'preset = ultrafast\nrate = 2\n' >>live.ini
start_live
ok $? "the service"

from 8 /metrics viewer:right
ok $? "a user is let in"
guess 429 8 somebody
ok $? "from his address other names are guessed, and then not looked at"
from 8 /metrics viewer:right
ok $? "he is looked at"
guess 429 8 viewer
ok $? "his own name, too, is not looked at in the end"
"$PYTHON" "$HERE/in_stays_in.py" 192.0.2.7 "$HTTP" 192.0.2.9 viewer right 2>log.txt
ok $? "who keeps the nonce that he was let in with stays in, whoever guesses his name beside him"
guess 000 7 viewer
ok $? "where nobody was let in, connections of who guesses are closed"
from 9 /metrics viewer:right && from 9 /live viewer:right
ok $? "who comes from elsewhere is let in"
grep -qE "192.0.2.7 was sent away" live.log
ok $? "it is said"
curl -s -m 5 --digest -u viewer:right --interface 192.0.2.9 "http://192.0.2.7:$HTTP/metrics" | grep 'wrong_passwords_total{door="http"}' >said.txt
[ "$(sed 's/.* //' said.txt)" -ge 60 ]
ok $? "and wrong passwords are counted"
stop_live
done_testing
