/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <bauta/key.h>

/* Law: a key file is taken or refused with the right status, and a refused one leaves no key. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bauta_bytes pem = {data, size};
    struct bauta_public_key *public_key;
    struct bauta_private_key *private_key;
    enum bauta_status status = bauta_public_key_parse(&public_key, pem, "fuzz", NULL);
    LAW((status == BAUTA_OK) == (public_key != NULL));
    LAW(!status || status == BAUTA_ERR_FORMAT);
    status = bauta_private_key_parse(&private_key, pem, NULL, "fuzz", NULL);
    LAW((status == BAUTA_OK) == (private_key != NULL));
    LAW(!status || status == BAUTA_ERR_FORMAT || status == BAUTA_ERR_DENIED);
    bauta_public_key_free(&public_key);
    bauta_private_key_free(&private_key);
    return 0;
}
