/* SPDX-License-Identifier: Apache-2.0 */
#include "discovery_message.h"

#include <string.h>

#include "soap.h"

#define NS_DISCOVERY  "http://schemas.xmlsoap.org/ws/2005/04/discovery"
#define NS_ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define TO_EVERYBODY  "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
#define TO_SENDER     NS_ADDRESSING "/role/anonymous"

static const char types[] = "dn:NetworkVideoTransmitter tds:Device";
static const char *const type_names[] = {
    "http://www.onvif.org/ver10/network/wsdl NetworkVideoTransmitter",
    "http://www.onvif.org/ver10/device/wsdl Device",
};

enum { MAX_ID = 256 }; /* of a message, which is given back */

/* Every type that is asked for must be one of ours; none are asked for: any. */
static bool has_types(const struct soap *soap)
{
    char **wanted = soap_names(soap, "Types");
    bool all = true;
    for (char **name = wanted; wanted && *name; name++) {
        bool found = false;
        for (size_t i = 0; i < G_N_ELEMENTS(type_names); i++)
            found = found || !strcmp(*name, type_names[i]);
        all = all && found;
    }
    g_strfreev(wanted);
    return all;
}

/* By whole segments of the path: WS-Discovery, section 5.1, the rule of RFC 3986. */
static bool matches_by_segments(const char *scope, const char *wanted)
{
    size_t length = strlen(wanted);
    while (length && wanted[length - 1] == '/')
        length--;
    return !g_ascii_strncasecmp(scope, wanted, length) &&
           (scope[length] == '\0' || scope[length] == '/');
}

/* Every scope that is asked for must match one of ours. */
static bool has_scopes(const struct soap *soap, char *const *scopes)
{
    const char *text = soap_text(soap, "Scopes");
    const char *rule = soap_attribute(soap, "Scopes", "MatchBy");
    const bool exact = g_str_equal(rule, NS_DISCOVERY "/strcmp0");
    if (!text || !text[0])
        return true;
    if (rule[0] && !exact && !g_str_equal(rule, NS_DISCOVERY "/rfc3986"))
        return false;
    char **wanted = g_strsplit_set(text, " \t\r\n", -1);
    bool all = true;
    for (char **scope = wanted; *scope; scope++) {
        bool found = !**scope;
        for (int i = 0; scopes[i]; i++)
            found = found ||
                    (exact ? !strcmp(scopes[i], *scope) : matches_by_segments(scopes[i], *scope));
        all = all && found;
    }
    g_strfreev(wanted);
    return all;
}

/* An envelope up to its body. `relates` is NULL where nothing is answered. */
static GString *begin(const char *action, const char *relates,
                      const struct discovery_target *target, guint32 number)
{
    char *id = g_uuid_string_random();
    GString *header = g_string_new(NULL);
    soap_put(header, "<a:MessageID>urn:uuid:%s</a:MessageID>", id);
    if (relates)
        soap_put(header, "<a:RelatesTo>%s</a:RelatesTo>", relates);
    soap_put(
        header,
        "<a:To s:mustUnderstand=\"1\">%s</a:To><a:Action s:mustUnderstand=\"1\">%s/%s</a:Action>"
        "<d:AppSequence InstanceId=\"%u\" MessageNumber=\"%u\"/>",
        relates ? TO_SENDER : TO_EVERYBODY, NS_DISCOVERY, action, target->instance, number);
    GString *text = soap_begin(header->str);
    g_string_free(header, TRUE);
    g_free(id);
    return text;
}

static void put_reference(GString *text, const struct discovery_target *target)
{
    soap_put(text, "<a:EndpointReference><a:Address>urn:uuid:%s</a:Address></a:EndpointReference>",
             target->uuid);
}

static void put_target(GString *text, const struct discovery_target *target)
{
    char *scopes = g_strjoinv(" ", target->scopes);
    put_reference(text, target);
    soap_put(text,
             "<d:Types>%s</d:Types><d:Scopes>%s</d:Scopes><d:XAddrs>%s</d:XAddrs>"
             "<d:MetadataVersion>%u</d:MetadataVersion>",
             types, scopes, target->xaddrs, target->instance);
    g_free(scopes);
}

static GString *answer_with(const char *name, const char *relates,
                            const struct discovery_target *target, guint32 number)
{
    char *action = g_strconcat(name, "Matches", NULL);
    GString *text = begin(action, relates, target, number);
    soap_put(text, "<d:%sMatches><d:%sMatch>", name, name);
    put_target(text, target);
    soap_put(text, "</d:%sMatch></d:%sMatches>", name, name);
    soap_end(text);
    g_free(action);
    return text;
}

GString *discovery_answer(const char *datagram, gsize size, const struct discovery_target *target,
                          guint32 number)
{
    struct soap *soap;
    if (soap_read(&soap, datagram, size))
        return NULL;
    const char *id = soap_header_text(soap, "MessageID");
    const char *action = soap_action(soap);
    GString *answer = NULL;
    if (id && id[0] && strlen(id) <= MAX_ID && !strcmp(soap_namespace(soap), NS_DISCOVERY)) {
        const char *address = soap_text(soap, "Address");
        if (!strcmp(action, "Probe") && has_types(soap) && has_scopes(soap, target->scopes))
            answer = answer_with("Probe", id, target, number);
        else if (!strcmp(action, "Resolve") && address && g_str_has_prefix(address, "urn:uuid:") &&
                 !g_ascii_strcasecmp(address + strlen("urn:uuid:"), target->uuid))
            answer = answer_with("Resolve", id, target, number);
    }
    soap_free(soap);
    return answer;
}

GString *discovery_hello(const struct discovery_target *target, guint32 number)
{
    GString *text = begin("Hello", NULL, target, number);
    g_string_append(text, "<d:Hello>");
    put_target(text, target);
    g_string_append(text, "</d:Hello>");
    soap_end(text);
    return text;
}

GString *discovery_bye(const struct discovery_target *target, guint32 number)
{
    GString *text = begin("Bye", NULL, target, number);
    g_string_append(text, "<d:Bye>");
    put_reference(text, target);
    g_string_append(text, "</d:Bye>");
    soap_end(text);
    return text;
}
