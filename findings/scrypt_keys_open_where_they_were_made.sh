#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Key files encrypted with scrypt (PKCS #8, RFC 7914) do not travel between OpenSSL 3.0, Botan 2.19 and GnuTLS 3.7 (Debian 12), and what
# is said names another fault. Botan sets the cost by time, so that a quick machine, or a patient user, makes keys that need more than
# the 32 MiB that OpenSSL allows: refused with the right passphrase and with a wrong one alike. GnuTLS reads no scrypt at all, whoever
# wrote it and however little it costs, and calls the file one that it cannot parse; the same keys by PBKDF2 are read everywhere.
. "$(dirname "$0")/lib.sh"
packages openssl=3.0.20-1~deb12u2 libssl3=3.0.20-1~deb12u2 botan=2.19.3+dfsg-1+deb12u1 libbotan-2-19=2.19.3+dfsg-1+deb12u1 gnutls-bin=3.7.9-2+deb12u7
say "$(openssl version)"
say "Botan $(botan version)"
say "$(certtool --version | head -n 1)"

opens() { # opens FILE PASSPHRASE: yes, or what OpenSSL says of it
    openssl pkey -in "$1" -passin "pass:$2" -noout 2>said && echo yes || grep -o 'memory limit exceeded' said || echo no
}
gnutls() { # gnutls FILE PASSPHRASE
    certtool --key-info --infile "$1" --password "$2" >said 2>&1 && echo yes || sed -n 's/^import error: //p' said
}
botan_key() { # botan_key FILE KDF [OPTION...]
    file=$1 kdf=$2
    shift 2
    botan keygen --algo=ECDSA --params=secp256r1 --passphrase=open "--pbe=PBES2(AES-256/CBC,$kdf)" "$@" >"$file"
}
cost() { # N of scrypt
    openssl asn1parse -in "$1" | awk -F: '/:scrypt/ { found = 1 } found && /INTEGER/ { print $NF; exit }'
}

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out clear.key
openssl pkcs8 -topk8 -in clear.key -scrypt -scrypt_N 1024 -passout pass:open -out light.key
openssl pkcs8 -topk8 -in clear.key -v2 aes-256-cbc -passout pass:open -out pbkdf2.key
seen "OpenSSL's scrypt, N=1024, in OpenSSL" yes "$(opens light.key open)"
seen "with a wrong passphrase" no "$(opens light.key wrong)"
seen "the same in GnuTLS" "ASN1 parser: Generic parsing error." "$(gnutls light.key open)"
seen "OpenSSL's PBKDF2 in GnuTLS" yes "$(gnutls pbkdf2.key open)"
seen "with a wrong passphrase" "Decryption has failed." "$(gnutls pbkdf2.key wrong)"

botan_key quick.key Scrypt --pbe-millis=1
seen "Botan's scrypt of 1 ms in GnuTLS" "ASN1 parser: Generic parsing error." "$(gnutls quick.key open)"
millis=500
while :; do # as long as a key of this machine needs to be above the limit
    botan_key slow.key Scrypt --pbe-millis=$millis
    [ "$((0x$(cost slow.key)))" -lt 32768 ] && [ $millis -lt 60000 ] || break
    millis=$((millis * 2))
done
seen "Botan's scrypt of N=32768 or more in OpenSSL" "memory limit exceeded" "$(opens slow.key open)"
seen "with a wrong passphrase" "memory limit exceeded" "$(opens slow.key wrong)"
botan_key botan.key SHA-256
seen "Botan's PBKDF2 in OpenSSL" yes "$(opens botan.key open)"
seen "in GnuTLS" yes "$(gnutls botan.key open)"
