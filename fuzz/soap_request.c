/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include "onvif/onvif.h"
#include "onvif/soap.h"
#include "site.h"

/* Law: whatever is posted to a service, the answer is an envelope; a stranger gets nothing but what
 * is for everybody, and nobody gets a password. */

static bool is_for_everybody(const char *action)
{
    static const char *const open[] = {
        "GetSystemDateAndTimeResponse", "GetCapabilitiesResponse",
        "GetServicesResponse",          "GetServiceCapabilitiesResponse",
        "GetHostnameResponse",          "GetEndpointReferenceResponse"};
    for (size_t i = 0; i < G_N_ELEMENTS(open); i++)
        if (!strcmp(open[i], action))
            return true;
    return false;
}

static void check(const struct page *page, bool known, bool allowed)
{
    gsize size;
    const char *text = g_bytes_get_data(page->body, &size);
    struct soap *soap;
    LAW(soap_read(&soap, text, size) == SOAP_OK);
    const char *action = soap_action(soap);
    const bool fault = !strcmp(action, "Fault");
    LAW(fault == (page->status != 200));
    LAW(!known || allowed);
    if (!known && !fault)
        LAW(is_for_everybody(action));
    LAW(!g_strstr_len(text, (gssize)size, "userpassword"));
    soap_free(soap);
}

/* Long after the one token that the corpus has: 2100. */
static const gint64 now_us = 4102444800000000;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct site site;
    site_init(&site);
    struct onvif *onvif = onvif_new(0);
    for (int i = 0; i < ONVIF_N_SERVICES * 2; i++) {
        struct page page = {0};
        const bool known = i % 2;
        const bool allowed = onvif_answer(onvif, &page, (enum onvif_service)(i / 2), &site.site,
                                          data ? (const char *)data : "", size, known, now_us);
        check(&page, known, allowed);
        page_clear(&page);
    }
    onvif_free(onvif);
    return 0;
}
