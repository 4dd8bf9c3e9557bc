/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_request.h"

#include <string.h>

enum { MAX_APPROVED = 511 };

/* What a field may be. */
struct field {
    const char *name;
    size_t offset;   /* in struct audit_request */
    size_t max_size; /* bytes */
    bool hex;        /* hexadecimal digits, and spaces between several */
    const char *problem;
};

static const struct field fields[] = {
    {"recording", offsetof(struct audit_request, recording), 1500, false,
     "recording is the id of one, as /api/recordings tells it"},
    {"outcome", offsetof(struct audit_request, outcome), 16, false,
     "outcome is begun, done, denied or failed"},
    {"what", offsetof(struct audit_request, what), 2048, false,
     "what is a line of at most 2048 bytes"},
    {"why", offsetof(struct audit_request, why), 1024, false,
     "why is a line of at most 1024 bytes"},
    {"case", offsetof(struct audit_request, case_), 1024, false,
     "case is a line of at most 1024 bytes"},
    {"key", offsetof(struct audit_request, key), 16, true, "key is the id of a key, or empty"},
    {"stream", offsetof(struct audit_request, stream), 32, true,
     "stream is the id of a stream, or empty"},
    {"grant", offsetof(struct audit_request, grant), 64, true,
     "grant is the id of a grant, or empty"},
    {"approved", offsetof(struct audit_request, approved), MAX_APPROVED, true,
     "approved is a list of ids of keys, with spaces between"}};

static bool is_good(const struct field *field, const char *text)
{
    const size_t size = strlen(text);
    if (size > field->max_size)
        return false;
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (field->hex ? !g_ascii_isxdigit(text[i]) && c != ' ' : c < ' ' || c == 0x7f)
            return false;
    }
    return true;
}

static bool is_outcome(const char *text)
{
    static const char *const known[] = {"begun", "done", "denied", "failed"};
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i], text) == 0)
            return true;
    return false;
}

static const char *check(const struct audit_request *request)
{
    if (!*request->recording)
        return "which recording?";
    if (!is_outcome(request->outcome))
        return "outcome is begun, done, denied or failed";
    const bool begins = strcmp(request->outcome, "begun") == 0;
    if (begins && strspn(request->why, " ") == strlen(request->why))
        return "nothing is shown without a reason";
    return NULL;
}

bool audit_request_read(struct audit_request *request, const char **problem, const char *body,
                        size_t size)
{
    *request = (struct audit_request){.json = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL)};
    *problem = json_is_object(request->json) ? NULL : "the body is no JSON object";
    for (size_t i = 0; i < G_N_ELEMENTS(fields) && !*problem; i++) {
        const char *text = json_string_value(json_object_get(request->json, fields[i].name));
        if (!text && json_object_get(request->json, fields[i].name))
            *problem = fields[i].problem;
        if (!text)
            text = "";
        if (!is_good(&fields[i], text))
            *problem = fields[i].problem;
        memcpy((char *)request + fields[i].offset, &text, sizeof(text));
    }
    if (!*problem)
        *problem = check(request);
    if (*problem)
        audit_request_clear(request);
    return *problem == NULL;
}

void audit_request_clear(struct audit_request *request)
{
    json_decref(request->json);
    *request = (struct audit_request){0};
}
