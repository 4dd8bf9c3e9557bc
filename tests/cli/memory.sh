#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a debugger finds of keys in the memory of a recovering process.
. "$(dirname "$0")/lib.sh"
small_clip 4
bauta protect --recipient own.pub --regions regions.jsonl clip.avi masked.h264
echo "a passphrase of some length" >phrase.txt
openssl pkcs8 -topk8 -in own.key -passout file:phrase.txt -v2 aes-256-cbc -out locked.key 2>ff.txt
chmod 600 locked.key phrase.txt
/usr/bin/python3 "$HERE/memory.py" "$BAUTA"
