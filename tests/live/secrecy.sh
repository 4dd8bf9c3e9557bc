#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is spoken at the doors, and towards cameras: TLS 1.2 and later, and the certificate that was meant.
# usage: secrecy.sh BUILD_FOLDER
. "$(dirname "$0")/lib.sh"

speaks() { # speaks VERSION PORT
    timeout 5 openssl s_client "-$1" -cipher 'ALL:@SECLEVEL=0' -connect "127.0.0.1:$2" </dev/null >said.txt 2>&1
    grep -q '^New, TLS' said.txt
}

refuses() { # refuses PRIORITY: to start
    G_TLS_GNUTLS_PRIORITY=$1 "$LIVE" --config live.ini --check-config >log.txt 2>&1
    [ $? -eq 2 ] && grep -q G_TLS_GNUTLS_PRIORITY log.txt
}

configure_bare() { # configure_bare [LINE...]: a door by HTTPS and RTSPS, and a camera that needs no detector
    {
        printf '[service]\nrtsp =\nhttp = 127.0.0.1:%s\nhttps = 127.0.0.1:%s\nrtsps = 127.0.0.1:%s\n' "$HTTP" "$RTSP" "$RTSPS"
        printf 'certificate = server.crt\nprivate-key = server.key\n[camera front]\nrecovery = none\nsnapshot = no\n'
        printf 'preset = ultrafast\n'
        printf '%s\n' "$@"
    } >live.ini
}

make_keys && chmod 600 server.key && new_ports
ok $? "a certificate"

configure_bare 'source = test:ball' 'rate = 2'
start_live
ok $? "the service, with TLS"
for port in "$RTSP" "$RTSPS"; do
    ! speaks tls1 "$port" && ! speaks tls1_1 "$port" && speaks tls1_2 "$port" && speaks tls1_3 "$port"
    ok $? "TLS 1.2 and 1.3 are spoken, and nothing older"
done
stop_live
ok $? "it ends"

for weak in NORMAL 'NORMAL:%COMPAT' 'NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.1' 'NORMAL:-VERS-TLS1.0' @SYSTEM '' \
    'LEGACY:-VERS-TLS1.0:-VERS-TLS1.1'; do
    refuses "$weak"
    ok $? "it does not start with a weaker priority: '$weak'"
done
G_TLS_GNUTLS_PRIORITY='SECURE128:-VERS-ALL:+VERS-TLS1.3' "$LIVE" --config live.ini --check-config >log.txt 2>&1
ok $? "it starts with a stricter one"
view=$BUILD/bauta-view
if [ -x "$view" ]; then
    G_TLS_GNUTLS_PRIORITY=NORMAL "$view" . >log.txt 2>&1
    [ $? -eq 2 ]
    ok $? "nor does the player's server"
fi

i=0
configure_bare 'source = test:ball'
while [ $i -lt 64 ]; do
    printf '[camera c%d]\nsource = test:ball\nrecovery = none\n' $i >>live.ini
    i=$((i + 1))
done
"$LIVE" --config live.ini --check-config >log.txt 2>&1
[ $? -eq 2 ] && grep -qF "has 65 cameras: one service has 64 at most" log.txt
ok $? "65 cameras are too many, which is said"

done_testing
