/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include "audit_request.h"
#include "range.h"
#include "recordings.h"
#include "request_guard.h"

/* What a page asks the player's server for: the first byte says of what kind it is.
 * Laws: a good range lies in the file and is no longer than an answer may be. An id has no segment
 * that leads up or nowhere, and is what its segments are when they are encoded again. A row that is
 * taken says what came of it, is all text of one line, and does not begin without a reason. A host
 * that is taken has no port and no brackets. */

static void check_range(const char *text, uint64_t size)
{
    struct range range;
    if (range_parse(&range, text, size) != RANGE_GOOD)
        return;
    LAW(range.first <= range.last && range.last < size);
    LAW(range.last - range.first < RANGE_MAX_BYTES);
}

static void check_id(const char *text)
{
    char *id = recordings_decode(text);
    if (!id)
        return;
    char **segments = g_strsplit(id, "/", -1);
    GString *encoded = g_string_new(NULL);
    for (guint i = 0; segments[i]; i++) {
        LAW(*segments[i] && strcmp(segments[i], ".") && strcmp(segments[i], ".."));
        LAW(g_utf8_validate(segments[i], -1, NULL));
        g_string_append(encoded, i ? "/" : "");
        g_string_append_uri_escaped(encoded, segments[i], NULL, FALSE);
    }
    LAW(g_strv_length(segments) <= RECORDINGS_MAX_DEPTH + 1);
    char *again = recordings_decode(encoded->str);
    LAW(again && !strcmp(again, id));
    g_free(again);
    g_string_free(encoded, TRUE);
    g_strfreev(segments);
    g_free(id);
}

static void check_line(const char *text, size_t max_size)
{
    LAW(text && strlen(text) <= max_size);
    LAW(g_utf8_validate(text, -1, NULL));
    for (; *text; text++)
        LAW((unsigned char)*text >= ' ');
}

static void check_row(const char *body, size_t size)
{
    struct audit_request r;
    const char *problem = NULL;
    const bool good = audit_request_read(&r, &problem, body, size);
    LAW(good == (problem == NULL));
    LAW(good == (r.json != NULL));
    if (!good)
        return;
    const char *const texts[] = {r.recording, r.outcome, r.what,  r.why,     r.case_,
                                 r.key,       r.stream,  r.grant, r.approved};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        check_line(texts[i], 2048);
    /* what is written: "RECORDING: WHAT" */
    LAW(*r.recording && strlen(r.recording) + strlen(r.what) + 2 <= 4096);
    LAW(strcmp(r.outcome, "begun") || strspn(r.why, " ") < strlen(r.why));
    audit_request_clear(&r);
}

static void check_host(const char *text, int port)
{
    char *name = request_guard_host_name(text, port, port & 1);
    if (!name)
        return;
    LAW(!strchr(name, ']') || text[0] != '[');
    LAW(text[0] == '[' || !strchr(name, ':'));
    g_free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    char *text = g_strndup((const char *)data + 1, size - 1);
    const size_t length = strlen(text);
    switch (data[0] % 4) {
    case 0:
        check_range(text, length ? (uint64_t)length * length * length * length : 0);
        check_range(text, UINT64_MAX);
        break;
    case 1:
        check_id(text);
        break;
    case 2:
        check_row((const char *)data + 1, size - 1);
        break;
    default:
        check_host(text, 80);
        check_host(text, 8443);
        break;
    }
    g_free(text);
    return 0;
}
