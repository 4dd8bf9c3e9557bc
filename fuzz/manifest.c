/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include "crypto/key.h"
#include "recovery/amendment.h"
#include "recovery/manifest.h"

/* Law: what is taken is all that was given, in its parts; what it names is found where it stands;
 * nothing verifies that this signer has not signed. */

static bool covers(struct bauta_bytes signed_, const uint8_t *signature, const uint8_t *data,
                   size_t size)
{
    return signed_.data == data && signed_.size + BAUTA_SIGNATURE_SIZE == size &&
           memcmp(data + signed_.size, signature, BAUTA_SIGNATURE_SIZE) == 0;
}

static void try_manifest(const uint8_t *data, size_t size)
{
    struct bt_manifest m;
    static const struct bauta_signer signer = {{9}, {0}};
    if (bt_manifest_parse(&m, (struct bauta_bytes){data, size}))
        return;
    LAW(covers(m.signed_, m.signature, data, size));
    LAW(m.units.size == (size_t)m.n_units * BT_MANIFEST_UNIT);
    LAW(m.timed ? m.times.size >= m.n_units : m.times.size == 0);
    LAW(bt_manifest_verify(&m, &signer) != BAUTA_OK);
}

static void try_amendment(const uint8_t *data, size_t size)
{
    struct bt_amendment m;
    if (bt_amendment_parse(&m, (struct bauta_bytes){data, size}))
        return;
    LAW(covers(m.signed_, m.signature, data, size));
    LAW(m.kind == BT_AMENDMENT_ERASED || m.kind == BT_AMENDMENT_RECIPIENTS);
    size_t size_of_entry = m.wide ? BT_ERASED_WIDE_SIZE : BT_ERASED_SIZE;
    for (size_t at = 0; at < m.erased.size; at += size_of_entry) {
        const uint8_t *e = m.erased.data + at;
        uint32_t unit = (uint32_t)e[0] << 24 | (uint32_t)e[1] << 16 | (uint32_t)e[2] << 8 | e[3];
        int region = m.wide ? e[4] << 8 | e[5] : e[4];
        LAW(bt_amendment_find(&m, unit, region) == e + size_of_entry - BT_DIGEST_SIZE);
    }
    m.reason.size = 0; /* what is signed is the bytes, not what was read of them */
    bool verifies = bt_amendment_verify(&m) == BAUTA_OK;
    m.signature[data[0] % BAUTA_SIGNATURE_SIZE] ^= 1;
    LAW(!verifies || bt_amendment_verify(&m) != BAUTA_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_manifest(data, size);
    try_amendment(data, size);
    return 0;
}
