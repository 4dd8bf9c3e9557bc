/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_type.h"

const char *bt_key_type_name(enum bt_key_type type)
{
    return type == BT_KEY_ED25519 ? "Ed25519" : "X25519";
}
