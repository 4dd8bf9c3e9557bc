# SPDX-License-Identifier: Apache-2.0
# Sourced. Debian's packages: which are needed, and installing those that are missing.

# To build, fetch and demonstrate; GStreamer's plugins are what the live service is made of.
BUILD_PACKAGES="build-essential clang libclang-rt-14-dev meson ninja-build pkg-config
    libavformat-dev libavcodec-dev libavutil-dev libswscale-dev libssl-dev libgfshare-dev libsqlite3-dev libjansson-dev libcmocka-dev
    libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libgstrtspserver-1.0-dev libsoup-3.0-dev libsystemd-dev libxml2-dev
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav
    glib-networking python3 python3-numpy ca-certificates ffmpeg openssl fonts-dejavu-core"
# Other players and readers, which the tests hold us against.
TEST_PACKAGES="gstreamer1.0-tools mkvtoolnix mpv chromium vlc-bin vlc-plugin-base python3-cryptography faketime iproute2 curl"

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing_packages() {
    for package in "$@"; do
        is_installed "$package" || printf '%s ' "$package"
    done
}

# Sets `become_root` to what goes before a command.
find_root() {
    become_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "these packages are missing, and you are neither root nor have sudo: $1"
        become_root=sudo
        sudo -v </dev/tty 2>/dev/null || sudo -n true 2>/dev/null || die "sudo refused; these packages are missing: $1"
    fi
}

# What apt said, in one line.
apt_failed() {
    if grep -qi 'no space left' "$1"; then
        die "the disk is full: Debian's packages could not be installed; make room and run this again"
    elif grep -qiE 'could not (resolve|connect)|temporary failure|failed to fetch|timed out' "$1"; then
        die "Debian's packages cannot be reached: check the network and run this again ($1 has what apt said)"
    elif grep -qi 'unable to locate' "$1"; then
        die "apt does not know a package: this needs Debian 12 ($(grep -i -m 1 'unable to locate' "$1"))"
    fi
    die "apt failed: $(grep -m 1 '^E:' "$1" || tail -n 1 "$1") ($1 has the rest)"
}

apt_get() {
    logged "$VENDOR/.part/apt.log" $become_root env DEBIAN_FRONTEND=noninteractive apt-get -qy \
        -o DPkg::Lock::Timeout=300 "$@" || apt_failed "$VENDOR/.part/apt.log"
}

# install_packages PACKAGE...: those that are missing.
install_packages() {
    command -v dpkg-query >/dev/null || die "this is not Debian: install what README.md names, then use meson"
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    find_root "$missing"
    say "installing Debian packages: $missing"
    mkdir -p "$VENDOR/.part"
    apt_get update
    # shellcheck disable=SC2086 # a list of words
    apt_get install --no-install-recommends $missing
}

setup_packages() {
    # shellcheck disable=SC2086 # a list of words
    install_packages $BUILD_PACKAGES
}

setup_test_packages() {
    # shellcheck disable=SC2086 # a list of words
    install_packages $TEST_PACKAGES
    setup_npm # for a client of ONVIF's
}

# Debian's npm, if there is none: it fetches from a registry that has what Debian has not.
setup_npm() {
    command -v npm >/dev/null || install_packages npm
}
