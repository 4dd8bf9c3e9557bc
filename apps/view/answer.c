/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include "json.h"

/* Own origin only; pictures also from memory, for snapshots. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

void answer_headers(SoupServerMessage *message)
{
    static const char *const headers[][2] = {
        {"Content-Security-Policy", policy},
        {"Connection", "close"}, /* door.h */
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cache-Control", "no-store"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"}};
    SoupMessageHeaders *to = soup_server_message_get_response_headers(message);
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        soup_message_headers_replace(to, headers[i][0], headers[i][1]);
}

void answer_bytes(SoupServerMessage *message, guint status, const char *type, GBytes *body)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    soup_server_message_set_status(message, status, NULL);
    soup_message_headers_set_content_type(headers, type, NULL);
    soup_message_body_append_bytes(soup_server_message_get_response_body(message), body);
    g_bytes_unref(body);
}

void answer_json(SoupServerMessage *message, guint status, char *text)
{
    answer_bytes(message, status, "application/json", g_bytes_new_take(text, strlen(text)));
}

void answer_problem(SoupServerMessage *message, guint status, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    char *sentence = g_strdup_vprintf(format, values);
    va_end(values);
    json_t *whole = json_object();
    json_object_set_new(whole, "problem", json_text(sentence));
    answer_json(message, status, json_write(whole));
    g_free(sentence);
}
