/* SPDX-License-Identifier: Apache-2.0 */
#include "soap.h"

#include <string.h>

/* The place after the next `word`, or NULL. */
static const char *skip(const char *at, const char *end, const char *word)
{
    const char *found = g_strstr_len(at, end - at, word);
    return found ? found + strlen(word) : NULL;
}

/* From after '<' to after '>'. Each attribute has a '=' outside of quotes; NULL: too many, or the
 * tag does not end. */
static const char *skip_tag(const char *at, const char *end)
{
    int n_attributes = 0;
    char quote = '\0';
    for (; at < end; at++) {
        if (quote) {
            if (*at == quote)
                quote = '\0';
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (*at == '>') {
            return at + 1;
        } else if (*at == '=' && ++n_attributes > SOAP_MAX_ATTRIBUTES) {
            return NULL;
        }
    }
    return NULL;
}

static const char *skip_markup(int *depth, int *n_elements, const char *at, const char *end)
{
    if (end - at >= 3 && !strncmp(at, "!--", 3))
        return skip(at + 3, end, "-->");
    if (end - at >= 8 && !strncmp(at, "![CDATA[", 8))
        return skip(at + 8, end, "]]>");
    if (at < end && *at == '?')
        return skip(at, end, "?>");
    if (at < end && *at == '!') /* a document type */
        return NULL;
    const bool closes = at < end && *at == '/';
    const char *after = skip_tag(at, end);
    if (closes)
        (*depth)--;
    else if (after && after[-2] != '/')
        (*depth)++;
    if (!closes)
        (*n_elements)++;
    return after;
}

bool soap_is_modest(const char *text, gsize size)
{
    if (size > SOAP_MAX_SIZE || memchr(text, '\0', size))
        return false;
    const char *const end = text + size;
    int depth = 0, n_elements = 0;
    const char *at = memchr(text, '<', size);
    while (at) {
        at = skip_markup(&depth, &n_elements, at + 1, end);
        if (!at || depth > SOAP_MAX_DEPTH || n_elements > SOAP_MAX_ELEMENTS)
            return false;
        at = memchr(at, '<', (gsize)(end - at));
    }
    return true;
}
