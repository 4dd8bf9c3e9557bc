/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_COST_H
#define BT_KEY_COST_H

#include <stdint.h>

/* What a private key's file may ask of who tries its passphrase, before anything is derived.
 * player/crypto/key_cost.ts has the same numbers; docs/authority.md tells them. */

#define BT_PBKDF2_MOST 10000000 /* iterations: some seconds */
/* scrypt (RFC 7914, 2 and 6): 128·r·N bytes of memory, and 128·r·p; these are filled p times. */
#define BT_SCRYPT_MEMORY_MOST (UINT64_C(256) << 20) /* bytes */
#define BT_SCRYPT_P_MOST      64
#define BT_SCRYPT_WORK_MOST   (UINT64_C(4) << 30) /* bytes, 128·r·N·p: a dozen seconds */

#endif
