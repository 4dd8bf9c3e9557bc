/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include "onvif/discovery_message.h"
#include "onvif/soap.h"

/* Law: a datagram has no answer, or one that is an envelope, names the datagram, and is not much
 * longer than what we say of ourselves. */
enum { OWN_SIZE = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char streaming[] = "onvif://www.onvif.org/Profile/Streaming";
    static char name[] = "onvif://www.onvif.org/name/Front";
    static char *scopes[] = {streaming, name, NULL};
    static const struct discovery_target target = {"00000000-0000-8000-8000-000000000001", scopes,
                                                   "http://10.0.0.1:8080/onvif/device_service", 1};
    const char *datagram = data ? (const char *)data : "";
    GString *text = discovery_answer(datagram, size, &target, 1);
    if (!text)
        return 0;
    struct soap *question, *answer;
    LAW(text->len <= OWN_SIZE);
    LAW(soap_read(&question, datagram, size) == SOAP_OK);
    LAW(soap_read(&answer, text->str, text->len) == SOAP_OK);
    LAW(!strcmp(soap_header_text(question, "MessageID"), soap_header_text(answer, "RelatesTo")));
    LAW(!strcmp(soap_text(answer, "XAddrs"), target.xaddrs));
    soap_free(question);
    soap_free(answer);
    g_string_free(text, TRUE);
    return 0;
}
