/* SPDX-License-Identifier: Apache-2.0 */
#include "web.h"

#include <bauta/version.h>
#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "audit.h"
#include "door.h"
#include "pages.h"
#include "request_guard.h"
#include "video.h"

enum { MAX_BODY = 64 << 10 };

struct web {
    struct web_settings settings;
    struct door *door;
    struct request_guard guard;
};

static void answer_session(struct web *web, SoupServerMessage *message)
{
    const struct web_settings *s = &web->settings;
    json_t *signers = json_array();
    char who[512];
    bauta_audit_who(who);
    for (int i = 0; i < s->n_signers; i++) {
        uint8_t id[BAUTA_KEY_ID_SIZE];
        char *name = g_path_get_basename(s->signer_paths[i]);
        bauta_signer_id(id, s->signers[i]);
        json_array_append_new(signers, json_pack("{s:o, s:o}", "file", json_text(name), "key",
                                                 json_hex(id, sizeof(id))));
        g_free(name);
    }
    answer_json(message, SOUP_STATUS_OK,
                json_write(json_pack("{s:s, s:o, s:o}", "version", bauta_version(), "who",
                                     json_text(who), "signers", signers)));
}

static json_t *tell_recording(const char *id, const char *name, gint64 size, gint64 modified_ms,
                              bool live)
{
    return json_pack("{s:o, s:o, s:I, s:I, s:b}", "id", json_text(id), "name", json_text(name),
                     "size", (json_int_t)size, "modified_ms", (json_int_t)modified_ms, "live",
                     (int)live);
}

static void answer_recordings(struct web *web, SoupServerMessage *message)
{
    json_t *all = json_array();
    if (web->settings.live) {
        json_array_append_new(all,
                              tell_recording(LIVE_ID, live_name(web->settings.live), 0, 0, true));
    } else {
        GPtrArray *list = recordings_list(web->settings.recordings);
        for (guint i = 0; i < list->len; i++) {
            const struct recording *r = g_ptr_array_index(list, i);
            json_array_append_new(all,
                                  tell_recording(r->id, r->name, r->size, r->modified_ms, false));
        }
        g_ptr_array_unref(list);
    }
    answer_json(message, SOUP_STATUS_OK, json_write(all));
}

static void answer_look(struct web *web, SoupServerMessage *message, const char *id)
{
    struct live *live = web->settings.live;
    char *text = !live                      ? look_at(web->settings.look, id)
                 : strcmp(id, LIVE_ID) == 0 ? live_look(live)
                                            : NULL;
    if (text)
        answer_json(message, SOUP_STATUS_OK, text);
    else
        answer_problem(message, SOUP_STATUS_NOT_FOUND, "there is no such recording");
}

static void answer_video(struct web *web, SoupServerMessage *message, const char *id)
{
    if (!web->settings.live)
        video_answer(message, web->settings.recordings, id);
    else if (strcmp(id, LIVE_ID) == 0)
        live_answer(web->settings.live, message);
    else
        answer_problem(message, SOUP_STATUS_NOT_FOUND, "there is no such recording");
}

static bool is_known(const struct web *web, const char *id)
{
    struct stat status;
    if (web->settings.live)
        return strcmp(id, LIVE_ID) == 0;
    int file = recordings_open(web->settings.recordings, id, &status);
    if (file >= 0)
        close(file);
    return file >= 0;
}

static void answer_audit(struct web *web, SoupServerMessage *message)
{
    SoupMessageBody *sent = soup_server_message_get_request_body(message);
    if (!soup_message_body_get_accumulate(sent)) {
        answer_problem(message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "the request is too long");
        return;
    }
    GBytes *body = soup_message_body_flatten(sent);
    gsize size;
    const char *text = g_bytes_get_data(body, &size), *problem;
    struct audit_request request;
    if (!audit_request_read(&request, &problem, text ? text : "", size)) {
        answer_problem(message, SOUP_STATUS_BAD_REQUEST, "%s", problem);
    } else if (!is_known(web, request.recording)) {
        audit_request_clear(&request);
        answer_problem(message, SOUP_STATUS_NOT_FOUND, "there is no such recording");
    } else {
        if (web->settings.live) /* a log is to say which */
            request.recording = live_name(web->settings.live);
        audit_write(message, web->settings.audit_path, &request);
    }
    g_bytes_unref(body);
}

static void answer_page(SoupServerMessage *message, const char *path)
{
    const char *type;
    GBytes *page = pages_find(path, &type);
    if (page)
        answer_bytes(message, SOUP_STATUS_OK, type, page);
    else
        answer_problem(message, SOUP_STATUS_NOT_FOUND, "there is no such page");
}

/* Answers with what is at the path below `prefix`; false if the path is not below it. */
static bool answer_below(struct web *web, SoupServerMessage *message, const char *path,
                         const char *prefix,
                         void (*answer)(struct web *, SoupServerMessage *, const char *id))
{
    if (!g_str_has_prefix(path, prefix))
        return false;
    char *id = recordings_decode(path + strlen(prefix));
    if (id)
        answer(web, message, id);
    else
        answer_problem(message, SOUP_STATUS_NOT_FOUND, "there is no such recording");
    g_free(id);
    return true;
}

static void handle(SoupServer *server, SoupServerMessage *message, const char *path,
                   GHashTable *query, gpointer data)
{
    (void)server;
    (void)query;
    struct web *web = data;
    if (strcmp(path, "/api/session") == 0)
        answer_session(web, message);
    else if (strcmp(path, "/api/recordings") == 0)
        answer_recordings(web, message);
    else if (strcmp(path, "/api/audit") == 0)
        answer_audit(web, message);
    else if (!answer_below(web, message, path, "/api/video/", answer_video) &&
             !answer_below(web, message, path, "/api/look/", answer_look))
        answer_page(message, path);
}

/* A body of unknown length, piece by piece. */
static void limit_chunk(SoupServerMessage *message, GBytes *chunk, gpointer data)
{
    (void)chunk;
    (void)data;
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    if (body->length <= MAX_BODY)
        return;
    soup_message_body_set_accumulate(body, FALSE);
    soup_message_body_truncate(body);
    door_close(message);
}

static bool is_method_good(SoupServerMessage *message, const char *path)
{
    const char *method = soup_server_message_get_method(message);
    const bool post = strcmp(path, "/api/audit") == 0;
    if (post ? strcmp(method, "POST") == 0
             : strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        return true;
    soup_message_headers_replace(soup_server_message_get_response_headers(message), "Allow",
                                 post ? "POST" : "GET, HEAD");
    answer_problem(message, SOUP_STATUS_METHOD_NOT_ALLOWED, "this is not for that method");
    return false;
}

/* Before a body is read: only one kind of request has one. */
static void limit_body(SoupServerMessage *message, const char *path)
{
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    const bool wanted = strcmp(path, "/api/audit") == 0;
    if (soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CONTENT_LENGTH &&
        soup_message_headers_get_content_length(headers) > (wanted ? MAX_BODY : 0)) {
        answer_problem(message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "the request is too long");
    } else if (wanted) {
        g_signal_connect(message, "got-chunk", G_CALLBACK(limit_chunk), NULL);
    } else {
        soup_message_body_set_accumulate(body, FALSE);
    }
}

/* Who is refused is not heard any further. */
static void look_at_head(SoupServer *server, SoupServerMessage *message, const char *path,
                         GHashTable *query, gpointer data)
{
    (void)server;
    (void)query;
    struct web *web = data;
    answer_headers(message);
    if (!request_guard_pass(&web->guard, message, path) || !is_method_good(message, path))
        return;
    if (g_str_has_prefix(path, "/api/")) /* with the token */
        door_let_in(message);
    limit_body(message, path);
}

/* Paths come as they are written: an encoded '/' is none. */
static void furnish(SoupServer *server, gpointer data)
{
    soup_server_add_early_handler(server, NULL, look_at_head, data, NULL);
    soup_server_add_handler(server, NULL, handle, data, NULL);
}

struct web *web_new(const struct web_settings *settings, char **problem)
{
    struct web *web = g_new0(struct web, 1);
    web->settings = *settings;
    web->guard = (struct request_guard){.host = settings->address.host,
                                        .certificate = settings->certificate};
    if (!token_make(&web->guard.token))
        *problem = g_strdup("the system gives no random bytes");
    else
        web->door = door_new(&settings->address, settings->certificate, furnish, web, problem);
    if (web->door)
        return web;
    web_free(web);
    return NULL;
}

void web_free(struct web *web)
{
    if (!web)
        return;
    door_free(web->door);
    g_free(web);
}

char *web_address(const struct web *web)
{
    const struct web_settings *s = &web->settings;
    char *host = g_inet_address_get_is_any(s->address.host) ? g_strdup(g_get_host_name())
                                                            : address_host(s->address.host);
    char *text = g_strdup_printf("%s://%s:%d/#%s", s->certificate ? "https" : "http", host,
                                 door_port(web->door), web->guard.token.text);
    g_free(host);
    return text;
}
