/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "onvif/discovery_message.h"
#include "onvif/soap.h"

/* Who is answered by WS-Discovery. */

#define PROBE                                                                                      \
    "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\""                              \
    " xmlns:w=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\""                                \
    " xmlns:d=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\""                                 \
    " xmlns:n=\"http://www.onvif.org/ver10/network/wsdl\""                                         \
    " xmlns:p=\"http://schemas.xmlsoap.org/ws/2006/02/devprof\">"                                  \
    "<e:Header><w:MessageID>urn:uuid:1234</w:MessageID></e:Header><e:Body>%s</e:Body></"           \
    "e:Envelope>"

static char *scopes[] = {(char[]){"onvif://www.onvif.org/Profile/Streaming"},
                         (char[]){"onvif://www.onvif.org/name/Front%20Door"}, NULL};
static const struct discovery_target target = {"00000000-0000-8000-8000-00000000000a", scopes,
                                               "http://10.0.0.1:8080/onvif/device_service", 77};

/* The answer to `body`, read; NULL: none. */
static struct soap *answer_to(const char *body)
{
    char *datagram = g_strdup_printf(PROBE, body);
    GString *answer = discovery_answer(datagram, strlen(datagram), &target, 5);
    g_free(datagram);
    if (!answer)
        return NULL;
    struct soap *soap;
    assert_int_equal(soap_read(&soap, answer->str, answer->len), SOAP_OK);
    assert_string_equal(soap_header_text(soap, "RelatesTo"), "urn:uuid:1234");
    g_string_free(answer, TRUE);
    return soap;
}

static bool is_answered(const char *body)
{
    struct soap *soap = answer_to(body);
    soap_free(soap);
    return soap != NULL;
}

static void a_probe_is_answered_with_where_we_are(void **state)
{
    (void)state;
    struct soap *soap =
        answer_to("<d:Probe><d:Types>n:NetworkVideoTransmitter</d:Types></d:Probe>");
    assert_non_null(soap);
    assert_string_equal(soap_action(soap), "ProbeMatches");
    assert_string_equal(soap_text(soap, "XAddrs"), target.xaddrs);
    assert_string_equal(soap_text(soap, "Address"),
                        "urn:uuid:00000000-0000-8000-8000-00000000000a");
    assert_string_equal(soap_text(soap, "Scopes"), "onvif://www.onvif.org/Profile/Streaming "
                                                   "onvif://www.onvif.org/name/Front%20Door");
    char **types = soap_names(soap, "Types");
    assert_string_equal(types[0],
                        "http://www.onvif.org/ver10/network/wsdl NetworkVideoTransmitter");
    assert_string_equal(types[1], "http://www.onvif.org/ver10/device/wsdl Device");
    g_strfreev(types);
    assert_string_equal(soap_header_text(soap, "Action"),
                        "http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches");
    soap_free(soap);
}

static void types_that_are_not_ours_are_not_answered(void **state)
{
    (void)state;
    assert_true(is_answered("<d:Probe/>"));
    assert_true(is_answered("<d:Probe><d:Types/></d:Probe>"));
    assert_false(is_answered("<d:Probe><d:Types>p:Device</d:Types></d:Probe>"));
    assert_false(is_answered("<d:Probe><d:Types>n:NetworkVideoDisplay</d:Types></d:Probe>"));
    assert_false(is_answered("<d:Probe><d:Types>NetworkVideoTransmitter</d:Types></d:Probe>"));
    assert_false(
        is_answered("<d:Probe><d:Types>n:NetworkVideoTransmitter p:Device</d:Types></d:Probe>"));
}

static void scopes_match_by_segments(void **state)
{
    (void)state;
    static const struct {
        const char *scopes;
        bool matches;
    } cases[] = {
        {"onvif://www.onvif.org", true},
        {"onvif://www.onvif.org/", true},
        {"onvif://www.onvif.org/Profile", true},
        {"onvif://www.onvif.org/Prof", false},
        {"onvif://www.onvif.org/Profile/Streaming", true},
        {"onvif://www.onvif.org/Profile/Streaming/More", false},
        {"onvif://www.onvif.org/Profile onvif://www.onvif.org/name/Front%20Door", true},
        {"onvif://www.onvif.org/Profile onvif://www.onvif.org/name/Back", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *body = g_strdup_printf("<d:Probe><d:Scopes>%s</d:Scopes></d:Probe>", cases[i].scopes);
        assert_int_equal(is_answered(body), cases[i].matches);
        g_free(body);
    }
    assert_false(is_answered(
        "<d:Probe><d:Scopes MatchBy=\"http://schemas.xmlsoap.org/ws/2005/04/discovery/strcmp0\">"
        "onvif://www.onvif.org/Profile</d:Scopes></d:Probe>"));
    assert_false(is_answered("<d:Probe><d:Scopes MatchBy=\"urn:x\">onvif://www.onvif.org</d:Scopes>"
                             "</d:Probe>"));
}

static void only_our_own_name_is_resolved(void **state)
{
    (void)state;
    static const char format[] = "<d:Resolve><w:EndpointReference><w:Address>%s</w:Address>"
                                 "</w:EndpointReference></d:Resolve>";
    char *body = g_strdup_printf(format, "urn:uuid:00000000-0000-8000-8000-00000000000A");
    struct soap *soap = answer_to(body);
    assert_non_null(soap);
    assert_string_equal(soap_action(soap), "ResolveMatches");
    soap_free(soap);
    g_free(body);
    body = g_strdup_printf(format, "urn:uuid:00000000-0000-8000-8000-00000000000b");
    assert_false(is_answered(body));
    g_free(body);
}

static void what_asks_for_nothing_is_not_answered(void **state)
{
    (void)state;
    assert_false(is_answered("<d:Hello/>"));
    assert_false(is_answered("<d:ProbeMatches/>"));
    assert_false(is_answered("<Probe/>"));
    assert_false(is_answered(""));
    static const char *const datagrams[] = {
        "", "x", "<a/>",
        ("<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body>"
         "<Probe "
         "xmlns=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\"/></e:Body></e:Envelope>")};
    for (size_t i = 0; i < G_N_ELEMENTS(datagrams); i++)
        assert_null(discovery_answer(datagrams[i], strlen(datagrams[i]), &target, 1));
}

static void hello_and_bye_name_us(void **state)
{
    (void)state;
    struct soap *soap;
    GString *text = discovery_hello(&target, 1);
    assert_int_equal(soap_read(&soap, text->str, text->len), SOAP_OK);
    assert_string_equal(soap_action(soap), "Hello");
    assert_string_equal(soap_text(soap, "XAddrs"), target.xaddrs);
    soap_free(soap);
    g_string_free(text, TRUE);
    text = discovery_bye(&target, 2);
    assert_int_equal(soap_read(&soap, text->str, text->len), SOAP_OK);
    assert_string_equal(soap_action(soap), "Bye");
    assert_string_equal(soap_text(soap, "Address"),
                        "urn:uuid:00000000-0000-8000-8000-00000000000a");
    assert_string_equal(soap_header_text(soap, "To"),
                        "urn:schemas-xmlsoap-org:ws:2005:04:discovery");
    soap_free(soap);
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_probe_is_answered_with_where_we_are),
        cmocka_unit_test(types_that_are_not_ours_are_not_answered),
        cmocka_unit_test(scopes_match_by_segments),
        cmocka_unit_test(only_our_own_name_is_resolved),
        cmocka_unit_test(what_asks_for_nothing_is_not_answered),
        cmocka_unit_test(hello_and_bye_name_us),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
