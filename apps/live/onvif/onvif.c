/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif.h"

#include <string.h>

#include "onvif_parts.h"

enum { OK = 200, BAD_REQUEST = 400, UNAUTHORIZED = 401, SERVER_ERROR = 500 };

#define SOAP_TYPE "application/soap+xml; charset=utf-8"

struct onvif {
    struct auth *auth;
};

static const struct {
    const char *path, *ns;
    const struct onvif_row *rows;
} services[ONVIF_N_SERVICES] = {
    [ONVIF_DEVICE] = {"/onvif/device_service", "http://www.onvif.org/ver10/device/wsdl",
                      onvif_device_rows},
    [ONVIF_MEDIA] = {"/onvif/media_service", "http://www.onvif.org/ver10/media/wsdl",
                     onvif_media_rows},
    [ONVIF_MEDIA2] = {"/onvif/media2_service", "http://www.onvif.org/ver20/media/wsdl",
                      onvif_media2_rows},
};

static const struct {
    guint status; /* SOAP 1.2, part 2, table 20 */
    const char *code, *subcode, *subsubcode, *reason;
} faults[ONVIF_N_FAULTS] = {
    [ONVIF_NOT_WELL_FORMED] = {BAD_REQUEST, "Sender", "ter:WellFormed", NULL,
                               "The request is not a well-formed SOAP envelope"},
    [ONVIF_NO_SUCH_VERSION] = {SERVER_ERROR, "VersionMismatch", NULL, NULL,
                               "Only SOAP 1.2 is known"},
    [ONVIF_UNKNOWN_ACTION] = {SERVER_ERROR, "Receiver", "ter:ActionNotSupported", NULL,
                              "This action is not supported"},
    [ONVIF_NOT_AUTHORIZED] = {BAD_REQUEST, "Sender", "ter:NotAuthorized", NULL,
                              "Sender not authorized"},
    [ONVIF_NO_SUCH_SERVICE] = {SERVER_ERROR, "Receiver", "ter:ActionNotSupported",
                               "ter:NoSuchService", "There is no such service"},
    [ONVIF_NO_PROFILE] = {BAD_REQUEST, "Sender", "ter:InvalidArgVal", "ter:NoProfile",
                          "There is no profile with this token"},
    [ONVIF_NO_CONFIG] = {BAD_REQUEST, "Sender", "ter:InvalidArgVal", "ter:NoConfig",
                         "There is no configuration with this token"},
    [ONVIF_NO_SOURCE] = {BAD_REQUEST, "Sender", "ter:InvalidArgVal", "ter:NoVideoSource",
                         "There is no video source with this token"},
    [ONVIF_BAD_SETUP] = {BAD_REQUEST, "Sender", "ter:InvalidArgVal", "ter:InvalidStreamSetup",
                         "This stream setup is not supported"},
    [ONVIF_NO_SNAPSHOT] = {SERVER_ERROR, "Receiver", "ter:ActionNotSupported", NULL,
                           "This camera gives no snapshots"},
};

struct onvif *onvif_new(gint64 since_us)
{
    struct onvif *onvif = g_new0(struct onvif, 1);
    onvif->auth = auth_new(since_us);
    return onvif;
}

void onvif_free(struct onvif *onvif)
{
    if (!onvif)
        return;
    auth_free(onvif->auth);
    g_free(onvif);
}

const char *onvif_path(enum onvif_service service)
{
    return services[service].path;
}

const char *onvif_namespace(enum onvif_service service)
{
    return services[service].ns;
}

enum onvif_service onvif_find(const char *path)
{
    int service = 0;
    while (service < ONVIF_N_SERVICES && strcmp(path, services[service].path) != 0)
        service++;
    return (enum onvif_service)service;
}

static void set_fault(struct page *page, enum onvif_fault fault)
{
    page_set(page, faults[fault].status, SOAP_TYPE,
             soap_fault(faults[fault].code, faults[fault].subcode, faults[fault].subsubcode,
                        faults[fault].reason));
}

static const struct onvif_row *find_row(const struct soap *soap, enum onvif_service service)
{
    if (strcmp(soap_namespace(soap), services[service].ns) != 0)
        return NULL;
    const struct onvif_row *row = services[service].rows;
    while (row->name && strcmp(row->name, soap_action(soap)) != 0)
        row++;
    return row->name ? row : NULL;
}

static bool check_token(struct onvif *onvif, const struct onvif_call *call,
                        const struct auth_token *token)
{
    const struct onvif_site *site = call->site;
    enum auth_result result = AUTH_WAIT;
    if (!site->guesses || guesses_may(site->guesses, site->peer, token->user, site->monotonic_us))
        result = soap_is_one_guess(call->soap)
                     ? auth_check(onvif->auth, site->config, token, site->peer, call->now_us)
                     : AUTH_BAD;
    if (site->guesses && result == AUTH_GOOD)
        guesses_right(site->guesses, site->peer, token->user, site->monotonic_us);
    else if (site->guesses && result != AUTH_STALE)
        guesses_wrong(site->guesses, GUESSES_ONVIF, site->peer, token->user, site->monotonic_us);
    return result == AUTH_GOOD;
}

/* Core Specification, section 5.9.1: a bad token is a fault of status 400; no token at all, and
 * nothing of HTTP, is status 401. */
static bool is_authorized(struct onvif *onvif, guint *status, const struct onvif_call *call,
                          bool known)
{
    struct auth_token token;
    *status = UNAUTHORIZED;
    if (known || call->site->config->anonymous)
        return true;
    if (!soap_token(call->soap, &token))
        return false;
    *status = BAD_REQUEST;
    return check_token(onvif, call, &token);
}

static void answer(struct page *page, const struct onvif_row *row, const struct onvif_call *call)
{
    GString *text = soap_begin(NULL);
    const enum onvif_fault fault = row->action(text, call);
    if (fault) {
        g_string_free(text, TRUE);
        set_fault(page, fault);
        return;
    }
    soap_end(text);
    page_set(page, OK, SOAP_TYPE, text);
}

/* What is no envelope: some clients send nothing at first, to be challenged. */
static bool refuse(struct page *page, enum soap_result result, bool known)
{
    set_fault(page, result == SOAP_VERSION ? ONVIF_NO_SUCH_VERSION : ONVIF_NOT_WELL_FORMED);
    if (!known)
        page->status = UNAUTHORIZED;
    return known;
}

bool onvif_answer(struct onvif *onvif, struct page *page, enum onvif_service service,
                  const struct onvif_site *site, const char *body, gsize size, bool known,
                  gint64 now_us)
{
    struct soap *soap;
    const enum soap_result result = soap_read(&soap, body, size);
    if (result)
        return refuse(page, result, known || site->config->anonymous);
    const struct onvif_call call = {site, soap, now_us};
    const struct onvif_row *row = find_row(soap, service);
    guint status = OK;
    const bool allowed = (row && row->open) || is_authorized(onvif, &status, &call, known);
    if (!allowed) {
        set_fault(page, ONVIF_NOT_AUTHORIZED);
        page->status = status;
    } else if (!row) {
        set_fault(page, ONVIF_UNKNOWN_ACTION);
    } else {
        answer(page, row, &call);
    }
    soap_free(soap);
    return allowed;
}
