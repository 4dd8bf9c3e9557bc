/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include <bauta/key.h>

#include "base/buffer.h"

/* Law: a key file is taken or refused with the right status, and a refused one leaves no key. The
 * bytes are tried as a file and, so that more of them get past the armour, as what a PEM text
 * holds. There is no passphrase: up to a limit how long deriving a key from one takes is for the
 * file to say. */

static void try_file(struct bauta_bytes pem)
{
    struct bauta_public_key *public_key;
    struct bauta_private_key *private_key;
    enum bauta_status status = bauta_public_key_parse(&public_key, pem, "fuzz", NULL);
    LAW((status == BAUTA_OK) == (public_key != NULL));
    LAW(!status || status == BAUTA_ERR_FORMAT);
    status = bauta_private_key_parse(&private_key, pem, NULL, "fuzz", NULL);
    LAW((status == BAUTA_OK) == (private_key != NULL));
    LAW(!status || status == BAUTA_ERR_FORMAT || status == BAUTA_ERR_DENIED ||
        status == BAUTA_ERR_UNSUPPORTED || status == BAUTA_ERR_LIMIT);
    bauta_public_key_free(&public_key);
    bauta_private_key_free(&private_key);
}

static void put_text(struct bt_buffer *out, const char *text)
{
    bt_buffer_append(out, (struct bauta_bytes){(const uint8_t *)text, strlen(text)});
}

/* RFC 7468: base 64 in lines of 64 digits between two labels. */
static void try_armoured(struct bauta_bytes der, const char *label)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct bt_buffer pem = {0};
    put_text(&pem, "-----BEGIN ");
    put_text(&pem, label);
    put_text(&pem, "-----\n");
    for (size_t i = 0; i < der.size; i += 3) {
        uint32_t three = 0;
        for (size_t k = 0; k < 3; k++)
            three = three << 8 | (i + k < der.size ? der.data[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            bt_buffer_put_u8(&pem, i + k <= der.size ? (unsigned)digits[three >> (18 - 6 * k) & 63]
                                                     : (unsigned)'=');
        if (i % 48 == 45)
            put_text(&pem, "\n");
    }
    put_text(&pem, "\n-----END ");
    put_text(&pem, label);
    put_text(&pem, "-----\n");
    try_file(bt_buffer_view(&pem));
    bt_buffer_clear(&pem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bauta_bytes bytes = {data, size};
    try_file(bytes);
    try_armoured(bytes, "PRIVATE KEY");
    try_armoured(bytes, "ENCRYPTED PRIVATE KEY");
    try_armoured(bytes, "PUBLIC KEY");
    return 0;
}
