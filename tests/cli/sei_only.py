#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sei_only.py IN PICTURE.h264 OUT: where IN holds the slices of PICTURE, OUT holds SEI of somebody else, as long as they."""
import re
import sys


def sei(size):
    """A NAL unit of user_data_unregistered, of this size."""
    for n_full in range(size):
        payload = size - 3 - n_full - 1
        if 0 <= payload - 255 * n_full < 255:
            return (b"\x06\x05" + b"\xff" * n_full + bytes([payload - 255 * n_full]) +
                    b"of another signer"[:16].ljust(payload, b"\x11") + b"\x80")
    return None


def main():
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    with open(sys.argv[2], "rb") as file:
        units = re.split(b"\x00\x00\x00?\x01", file.read())[1:]
    for nal in units:
        if 1 <= nal[0] & 31 <= 5:
            at = data.rindex(nal)
            data = data[:at] + sei(len(nal)) + data[at + len(nal):]
    with open(sys.argv[3], "wb") as file:
        file.write(data)


main()
