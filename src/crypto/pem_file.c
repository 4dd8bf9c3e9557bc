/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pem_file.h"

#include <limits.h>
#include <string.h>
#include <openssl/pem.h>

#include "base/log.h"

void bt_pem_write(struct bt_buffer *text, const char *label, struct bauta_bytes bytes)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data = NULL;
    if (!bio || bytes.size > LONG_MAX ||
        PEM_write_bio(bio, label, "", bytes.data, (long)bytes.size) <= 0) {
        text->failed = true;
    } else {
        long size = BIO_get_mem_data(bio, &data);
        bt_buffer_append(text, (struct bauta_bytes){(const uint8_t *)data, (size_t)size});
    }
    BIO_free(bio);
}

enum bauta_status bt_pem_read(struct bt_buffer *bytes, const char *label, struct bauta_bytes pem,
                              const char *name, const struct bauta_log *log)
{
    BIO *bio = pem.size < INT_MAX
                   ? BIO_new_mem_buf(pem.size ? (const void *)pem.data : "", (int)pem.size)
                   : NULL;
    char *found = NULL, *header = NULL;
    unsigned char *data = NULL;
    long size = 0;
    enum bauta_status status = BAUTA_OK;
    if (!bio || PEM_read_bio(bio, &found, &header, &data, &size) != 1)
        status =
            bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: there is no PEM text '%s' in it", name, label);
    else if (strcmp(found, label) != 0)
        status = bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not a PEM file of '%s', but of '%.64s'",
                             name, label, found);
    else
        bt_buffer_append(bytes, (struct bauta_bytes){data, (size_t)size});
    OPENSSL_free(found);
    OPENSSL_free(header);
    OPENSSL_free(data);
    BIO_free(bio);
    return status ? status : bt_buffer_status(bytes);
}
