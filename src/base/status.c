/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/status.h>

const char *bauta_status_text(enum bauta_status status)
{
    switch (status) {
    case BAUTA_OK:
        return "done";
    case BAUTA_ERR_ARGUMENT:
        return "wrong argument";
    case BAUTA_ERR_MEMORY:
        return "out of memory";
    case BAUTA_ERR_IO:
        return "input or output failed";
    case BAUTA_ERR_EXISTS:
        return "exists already";
    case BAUTA_ERR_FORMAT:
        return "damaged, or not in the expected format";
    case BAUTA_ERR_UNSUPPORTED:
        return "not supported";
    case BAUTA_ERR_LIMIT:
        return "a safety limit was passed";
    case BAUTA_ERR_NOT_FOUND:
        return "not found";
    case BAUTA_ERR_DENIED:
        return "access denied";
    case BAUTA_ERR_TAMPERED:
        return "altered since it was sealed";
    case BAUTA_ERR_DETECTOR:
        return "the detector failed";
    case BAUTA_ERR_CODEC:
        return "the codec failed";
    case BAUTA_ERR_CRYPTO:
        return "the cryptographic library failed";
    case BAUTA_ERR_CANCELLED:
        return "cancelled";
    }
    return "unknown status";
}
