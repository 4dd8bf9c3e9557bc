/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SIZES_H
#define BT_SIZES_H

#include <bauta/key.h>

/* Bytes of what cryptography takes and gives. Several are equal, and mean different things. */
#define BT_KEY_SIZE           32 /* a secret of AES-256-GCM or HKDF: of a stream, epoch, target */
#define BT_RAW_KEY_SIZE       32 /* half of a key pair, X25519 (RFC 7748) or Ed25519 (RFC 8032) */
#define BT_SHARED_SECRET_SIZE 32 /* what two X25519 keys agree on, and HPKE makes of it */
#define BT_ENC_SIZE           32 /* HPKE's encapsulated key (RFC 9180, Nenc) */
#define BT_HASH_SIZE          BAUTA_HASH_SIZE
#define BT_NONCE_SIZE         12 /* of AES-GCM (NIST SP 800-38D) */
#define BT_TAG_SIZE           16 /* that AES-GCM adds */

#endif
