/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JSON_H
#define JSON_H

#include <glib.h>
#include <jansson.h>

/* A string; what of it is no UTF-8 is replaced. */
json_t *json_text(const char *text);
/* Bytes as hexadecimal digits. */
json_t *json_hex(const guint8 *bytes, gsize size);
/* Writes and takes `value`; free with g_free(). */
char *json_write(json_t *value);

#endif
