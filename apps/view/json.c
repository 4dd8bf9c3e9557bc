/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <bauta/bytes.h>
#include <stdlib.h>

json_t *json_text(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    json_t *value = json_string(valid);
    g_free(valid);
    return value;
}

json_t *json_hex(const guint8 *bytes, gsize size)
{
    char *text = g_malloc(2 * size + 1);
    json_t *value = json_string(bauta_hex(text, bytes, size));
    g_free(text);
    return value;
}

char *json_write(json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    char *copy = g_strdup(text ? text : "null");
    free(text);
    json_decref(value);
    return copy;
}
