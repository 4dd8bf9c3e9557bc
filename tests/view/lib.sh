# SPDX-License-Identifier: Apache-2.0
# Sourced after another lib.sh, which has ok and says: a server, and what is asked of it.

# serve [OPTION...] WHAT: in the background -> VIEW_PID, ADDRESS, BASE, TOKEN; words go to view.txt
serve() {
    : >address.txt
    "$BAUTA" view --audit audit.db "$@" >address.txt 2>view.txt &
    VIEW_PID=$!
    tries=0
    while [ ! -s address.txt ] && [ $tries -lt 100 ] && kill -0 $VIEW_PID 2>/dev/null; do
        sleep 0.1
        tries=$((tries + 1))
    done
    ADDRESS=$(cat address.txt)
    BASE=${ADDRESS%%/\#*}
    TOKEN=${ADDRESS##*\#}
    [ -n "$ADDRESS" ]
}

refuse() { # refuse STATUS WORDS NAME ARGUMENT...: no server starts; nothing on standard output
    want=$1 words=$2 name=$3
    shift 3
    timeout 20 "$BAUTA" view --audit audit.db "$@" >out.txt 2>log.txt
    got=$?
    [ $got -eq "$want" ] && [ ! -s out.txt ] && grep -qF -- "$words" log.txt
    result=$?
    [ $result -eq 0 ] || echo "exit status $got, not $want" >>log.txt
    ok $result "$name"
}

stop_serving() { # its exit status
    kill "$VIEW_PID" && wait "$VIEW_PID"
}

api() { # api PATH [CURL_OPTION...]: with the token
    path=$1
    shift
    curl -s -m 20 --path-as-is -H "Authorization: Bearer $TOKEN" "$@" "$BASE/api/$path"
}

code() { # code [CURL_OPTION...]: of the answer, whose body goes to body.txt
    curl -s -m 20 --path-as-is -o body.txt -w '%{http_code}' "$@"
}

with_token() { code -H "Authorization: Bearer $TOKEN" "$@"; }

has_problem() { grep -q '^{"problem":"..*"}$' body.txt; }

look_done() { # look_done ID: waits until all is known of it -> look.json
    tries=0
    while api "look/$1" >look.json && grep -q '"state":"running"' look.json && [ $tries -lt 200 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    grep -q '"state":"done"' look.json
}

rows() { # of the audit log
    "$BAUTA" audit list --audit audit.db 2>/dev/null | grep -c view
}
