#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes keys/, files as other people's tools write them, and key_files.json, which says of each what a reader has to make of it.
Wants Debian's openssl, gnutls-bin, botan, openssh-client, default-jdk-headless and libbcpkix-java, and a bauta for its own
two kinds. No public key in the table comes from Bauta: each is told by the tool that made the pair. Keys are random, so every run makes
others. key_files.py BAUTA FOLDER"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BAUTA, FOLDER = os.path.abspath(sys.argv[1]), sys.argv[2]
KEYS = os.path.join(FOLDER, "keys")
JAVA = ":".join(f"/usr/share/java/{jar}.jar" for jar in ("bcprov", "bcpkix", "bcutil"))
PASSPHRASE = "open sesame"
rows = []
os.makedirs(KEYS)


def run(*args, text=None):
    done = subprocess.run(args, cwd=KEYS, input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(args)}: {done.stderr}")
    return done.stdout


def version(package):
    return run("dpkg-query", "-W", "-f", "${Version}", package).split("+")[0].split("-")[0]


OPENSSL, CERTTOOL = f"OpenSSL {version('openssl')}", f"certtool {version('gnutls-bin')}"
BOTAN, CASTLE = f"Botan {version('botan')}", f"Bouncy Castle {version('libbcprov-java')}"


def read(name):
    with open(os.path.join(KEYS, name), errors="replace") as file:
        return file.read()


def write(name, text):
    with open(os.path.join(KEYS, name), "w") as file:
        file.write(text)


def raw(pem):
    """The 32 raw bytes at the end of SubjectPublicKeyInfo, as hex."""
    done = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=pem.encode(), capture_output=True, check=True)
    return done.stdout[-32:].hex()


def scheme(name):
    """What a file is encrypted with: object identifiers, and the numbers, in hex, of their parameters."""
    sealed = re.search(r"-----BEGIN ENCRYPTED PRIVATE KEY-----.*?-----END ENCRYPTED PRIVATE KEY-----\n", read(name), re.S)
    tree = run("openssl", "asn1parse", text=sealed.group()) if sealed else ""
    return " ".join(re.findall(r"(?:OBJECT|INTEGER) *:(\S+)", tree))


def opens(name, maker, public_key, passphrase="", type_="X25519", half="private"):
    rows.append({"file": name, "maker": maker, "scheme": passphrase and scheme(name), "type": type_, "half": half,
                 "passphrase": passphrase, "public_key": public_key})


def refused(name, maker, status, says, passphrase="", type_="X25519", half="private"):
    rows.append({"file": name, "maker": maker, "scheme": passphrase and scheme(name), "type": type_, "half": half,
                 "passphrase": passphrase, "status": status, "says": says})


def openssl_public(name, passphrase=""):
    return run("openssl", "pkey", "-in", name, "-passin", f"pass:{passphrase}", "-pubout")


def openssl_pkcs8(name, *options, clear="openssl-clear.key"):
    run("openssl", "pkcs8", "-topk8", "-in", clear, "-passout", f"pass:{PASSPHRASE}", "-out", name, *options)


def of_openssl():
    run("openssl", "genpkey", "-algorithm", "X25519", "-out", "openssl-clear.key")
    public = openssl_public("openssl-clear.key")
    key = raw(public)
    write("openssl.pub", public)
    opens("openssl-clear.key", OPENSSL, key)
    opens("openssl.pub", OPENSSL, key, half="public")
    for name, *options in (("default",), ("sha1-aes256", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"),
                           ("sha384-aes128", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA384"),
                           ("sha512-aes256", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"), ("scrypt", "-scrypt"),
                           ("iterations-most", "-v2", "aes-256-cbc", "-iter", "10000000")):
        openssl_pkcs8(f"openssl-{name}.key", *options)
        opens(f"openssl-{name}.key", OPENSSL, key, PASSPHRASE)
    for name, status, says, *options in (
            ("iterations", "limit", "10000001", "-v2", "aes-256-cbc", "-iter", "10000001"),
            ("sha224", "unsupported", "hmacWithSHA224", "-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA224"),
            ("aes192", "unsupported", "aes-192-cbc", "-v2", "aes-192-cbc"),
            ("des3", "unsupported", "des-ede3-cbc", "-v2", "des3"), ("aria", "unsupported", "aria-256-cbc", "-v2", "aria-256-cbc"),
            ("pkcs12-pbe", "unsupported", "pbeWithSHA1And3-KeyTripleDES-CBC", "-v1", "PBE-SHA1-3DES")):
        openssl_pkcs8(f"openssl-{name}.key", *options)
        refused(f"openssl-{name}.key", OPENSSL, status, says, PASSPHRASE)
    sealed = read("openssl-default.key")
    for name, text in (("private-public", sealed + public), ("public-private", public + sealed)):
        write(f"openssl-{name}.pem", text)
        opens(f"openssl-{name}.pem", OPENSSL, key, PASSPHRASE)
        opens(f"openssl-{name}.pem", OPENSSL, key, half="public")
    write("openssl-clear-public-private.pem", public + read("openssl-clear.key"))
    opens("openssl-clear-public-private.pem", OPENSSL, key)
    refused("openssl.pub", OPENSSL, "format", "a public key")
    refused("openssl-clear.key", OPENSSL, "format", "a private key", half="public")
    refused("openssl-default.key", OPENSSL, "format", "a private key", half="public")


def of_other_kinds():
    run("openssl", "genpkey", "-algorithm", "ed25519", "-out", "openssl-sign.key")
    opens("openssl-sign.key", OPENSSL, raw(openssl_public("openssl-sign.key")), type_="Ed25519")
    refused("openssl-sign.key", OPENSSL, "format", "for signing")
    refused("openssl-clear.key", OPENSSL, "format", "for opening", type_="Ed25519")
    openssl_pkcs8("openssl-sign-sealed.key", clear="openssl-sign.key")
    refused("openssl-sign-sealed.key", OPENSSL, "format", "for signing", PASSPHRASE)
    write("openssl-sign.pub", openssl_public("openssl-sign.key"))
    refused("openssl-sign.pub", OPENSSL, "format", "for signing", half="public")
    for name, says, *options in (("rsa", "type RSA", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
                                 ("ec", "type EC", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"), ("x448", "type X448", "X448")):
        run("openssl", "genpkey", "-out", f"openssl-{name}.key", "-algorithm", *options)
        refused(f"openssl-{name}.key", OPENSSL, "format", says)
    run("openssl", "rsa", "-traditional", "-aes128", "-passout", f"pass:{PASSPHRASE}", "-in", "openssl-rsa.key",
        "-out", "openssl-traditional.key")
    refused("openssl-traditional.key", OPENSSL, "format", "type RSA", PASSPHRASE)
    run("openssl", "req", "-x509", "-key", "openssl-ec.key", "-subj", "/CN=nobody", "-days", "36500", "-out", "openssl.crt")
    run("openssl", "pkey", "-in", "openssl-clear.key", "-outform", "DER", "-out", "openssl.der")
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "nobody", "-f", "ssh.key")
    os.rename(os.path.join(KEYS, "ssh.key.pub"), os.path.join(KEYS, "ssh.pub"))
    for half in "private", "public":
        refused("openssl.crt", OPENSSL, "format", "a certificate", half=half)
        refused("openssl.der", OPENSSL, "format", "DER", half=half)
        refused("ssh.key", "OpenSSH", "format", "an SSH key", half=half)
        refused("ssh.pub", "OpenSSH", "format", "an SSH key", half=half)
        refused("bauta.group", "Bauta", "format", "a group", half=half)
        refused("bauta.grant", "Bauta", "format", "a grant", half=half)


def of_certtool():
    run("certtool", "--generate-privkey", "--key-type=x25519", "--outfile", "certtool-clear.key")
    text = run("certtool", "--load-privkey", "certtool-clear.key", "--pubkey-info")
    key = raw(re.search(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----\n", text, re.S).group())
    opens("certtool-clear.key", CERTTOOL, key)
    for name, *options in (("default",), ("aes256", "--pkcs-cipher", "aes-256")):
        run("certtool", "--to-p8", "--load-privkey", "certtool-clear.key", "--password", PASSPHRASE,
            "--outfile", f"certtool-{name}.key", *options)
        opens(f"certtool-{name}.key", CERTTOOL, key, PASSPHRASE)
    for name, cipher, says in (("des3", "3des", "des-ede3-cbc"), ("rc4", "arcfour", "pbeWithSHA1And128BitRC4")):
        run("certtool", "--to-p8", "--load-privkey", "certtool-clear.key", "--password", PASSPHRASE, "--pkcs-cipher", cipher,
            "--outfile", f"certtool-{name}.key")
        refused(f"certtool-{name}.key", CERTTOOL, "unsupported", says, PASSPHRASE)


def of_botan():
    def generate(name, *options):
        write(name, run("botan", "keygen", "--algo=Curve25519", *options))

    def public(name, passphrase=""):
        return raw(run("botan", "pkcs8", "--pub-out", f"--pass-in={passphrase}", name))

    generate("botan-clear.key")
    opens("botan-clear.key", BOTAN, public("botan-clear.key"))
    for name, *options in (("default",), ("sha512", "--pbe=PBES2(AES-128/CBC,SHA-512)"), ("sha384", "--pbe=PBES2(AES-256/CBC,SHA-384)"),
                           ("scrypt", "--pbe=PBES2(AES-256/CBC,Scrypt)", "--pbe-millis=1000")):
        generate(f"botan-{name}.key", f"--passphrase={PASSPHRASE}", *options)
        opens(f"botan-{name}.key", BOTAN, public(f"botan-{name}.key", PASSPHRASE), PASSPHRASE)
    for name, says, scheme in (("gcm", "aes-256-gcm", "AES-256/GCM,Scrypt"), ("siv", "1.3.6.1.4.1.25258.3.4.3", "AES-256/SIV,SHA-512"),
                               ("serpent", "1.3.6.1.4.1.25258.3.1", "Serpent/CBC,SHA-256")):
        generate(f"botan-{name}.key", f"--passphrase={PASSPHRASE}", f"--pbe=PBES2({scheme})")
        refused(f"botan-{name}.key", BOTAN, "unsupported", says, PASSPHRASE)


def of_castle():
    passphrase = "a castle"
    limits = {"castle-scrypt-memory.key": "512 MiB", "castle-scrypt-p65.key": "p=65", "castle-scrypt-work.key": "p=33"}
    for line in run("java", "-cp", JAVA, os.path.join(HERE, "key_files.java"), ".").splitlines():
        name, key = line.split()
        clear = name in ("castle-clear.key", "castle-sign.key")
        if name in limits:
            refused(name, CASTLE, "limit", limits[name], passphrase)
        elif name == "castle-aes192.key":
            refused(name, CASTLE, "unsupported", "aes-192-cbc", passphrase)
        elif name == "castle-other-public.key":
            refused(name, CASTLE, "format", "another key's")
        else:
            opens(name, CASTLE, key, "" if clear else passphrase, "Ed25519" if "sign" in name else "X25519")


def of_bauta():
    os.environ["XDG_STATE_HOME"] = KEYS
    for name in "a", "b":
        run(BAUTA, "key", "new", "--no-passphrase", name)
    run(BAUTA, "key", "group", "--members", "a.pub,b.pub", "--threshold", "2", "bauta")
    run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "clear.mp4")
    write("regions.jsonl", '{"picture": 0, "regions": [{"target": 1, "class": "body", "x": 0, "y": 0, "w": 32, "h": 32}]}\n')
    run(BAUTA, "protect", "--recipient", "a.pub", "--regions", "regions.jsonl", "clear.mp4", "masked.mp4")
    run(BAUTA, "grant", "--key", "a.key", "--recipient", "b.pub", "--reason", "a vector", "masked.mp4", "-o", "bauta.grant")


of_openssl()
of_bauta()
of_other_kinds()
of_certtool()
of_botan()
of_castle()
named = {row["file"] for row in rows}
for entry in os.listdir(KEYS):
    if entry not in named:
        subprocess.run(["rm", "-r", os.path.join(KEYS, entry)], check=True)
with open(os.path.join(FOLDER, "key_files.json"), "w") as out:
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    out.write('{"keys": [\n%s\n]}\n' % lines)
