/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_TYPE_H
#define BT_KEY_TYPE_H

/* The two kinds of keys that files hold, by the names that OpenSSL has for them; each has 32 raw
 * bytes, private and public. */
enum bt_key_type { BT_KEY_X25519, BT_KEY_ED25519 };

const char *bt_key_type_name(enum bt_key_type type);

#endif
