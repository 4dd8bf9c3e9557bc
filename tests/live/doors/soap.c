/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "onvif/soap.h"

/* What strangers send as SOAP. */

#define ENVELOPE "http://www.w3.org/2003/05/soap-envelope"
#define BEGIN    "<s:Envelope xmlns:s=\"" ENVELOPE "\"><s:Body>"
#define END      "</s:Body></s:Envelope>"

static enum soap_result result_of(const char *text, gsize size)
{
    struct soap *soap;
    const enum soap_result result = soap_read(&soap, text, size);
    assert_true((result == SOAP_OK) == (soap != NULL));
    soap_free(soap);
    return result;
}

static enum soap_result result_of_text(const char *text)
{
    return result_of(text, strlen(text));
}

static struct soap *read_good(const char *text)
{
    struct soap *soap;
    assert_int_equal(soap_read(&soap, text, strlen(text)), SOAP_OK);
    return soap;
}

static void the_action_and_its_texts_are_found(void **state)
{
    (void)state;
    struct soap *soap =
        read_good(BEGIN "<GetStreamUri xmlns=\"urn:m\"><StreamSetup><Stream> RTP-Unicast "
                        "</Stream><T><Protocol><![CDATA[RT&SP]]></Protocol></T>"
                        "</StreamSetup><ProfileToken>a &amp; b</ProfileToken><Empty/>"
                        "<Protocol>second</Protocol></GetStreamUri>" END);
    assert_string_equal(soap_action(soap), "GetStreamUri");
    assert_string_equal(soap_namespace(soap), "urn:m");
    assert_string_equal(soap_text(soap, "Stream"), "RTP-Unicast");
    assert_string_equal(soap_text(soap, "Protocol"), "RT&SP");
    assert_string_equal(soap_text(soap, "ProfileToken"), "a & b");
    assert_string_equal(soap_text(soap, "Empty"), "");
    assert_null(soap_text(soap, "GetStreamUri"));
    assert_null(soap_text(soap, "Nothing"));
    assert_true(soap_has(soap, "Protocol", "second"));
    assert_false(soap_has(soap, "Protocol", "third"));
    soap_free(soap);
}

static void qualified_names_are_resolved_where_they_stand(void **state)
{
    (void)state;
    struct soap *soap = read_good(BEGIN "<Probe xmlns=\"urn:d\" xmlns:x=\"urn:outer\">"
                                        "<Types xmlns:x=\"urn:inner\" MatchBy=\"m\">\n x:A  B y:C "
                                        "</Types></Probe>" END);
    char **names = soap_names(soap, "Types");
    assert_int_equal(g_strv_length(names), 3);
    assert_string_equal(names[0], "urn:inner A");
    assert_string_equal(names[1], "urn:d B");
    assert_string_equal(names[2], " C");
    assert_null(soap_names(soap, "Scopes"));
    assert_string_equal(soap_attribute(soap, "Types", "MatchBy"), "m");
    assert_string_equal(soap_attribute(soap, "Scopes", "MatchBy"), "");
    g_strfreev(names);
    soap_free(soap);
}

static void what_is_no_envelope_is_refused(void **state)
{
    (void)state;
    assert_int_equal(result_of("", 0), SOAP_MALFORMED);
    assert_int_equal(result_of("\0\0\0\0", 4), SOAP_MALFORMED);
    assert_int_equal(result_of_text("<a/>"), SOAP_MALFORMED);
    assert_int_equal(result_of_text("<Envelope><Body><a/></Body></Envelope>"), SOAP_VERSION);
    assert_int_equal(
        result_of_text("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/"
                       "\"><s:Body><a/></s:Body></s:Envelope>"),
        SOAP_VERSION);
    assert_int_equal(result_of_text(BEGIN END), SOAP_MALFORMED);
    assert_int_equal(result_of_text("<s:Envelope xmlns:s=\"" ENVELOPE "\"/>"), SOAP_MALFORMED);
    assert_int_equal(result_of_text(BEGIN "text" END), SOAP_MALFORMED);
    assert_int_equal(result_of_text(BEGIN "<a/>" END "<more/>"), SOAP_MALFORMED);
    assert_int_equal(result_of_text(BEGIN "<p:a/>" END), SOAP_OK);
}

static void every_beginning_of_a_request_is_refused(void **state)
{
    (void)state;
    static const char whole[] = BEGIN "<a xmlns=\"urn:a\"><b>text</b></a>" END;
    for (gsize size = 0; size < strlen(whole); size++)
        assert_int_equal(result_of(whole, size), SOAP_MALFORMED);
    assert_int_equal(result_of_text(whole), SOAP_OK);
}

static void a_document_type_is_refused_before_it_is_read(void **state)
{
    (void)state;
    static const char *const types[] = {
        "<!DOCTYPE a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE a [<!ENTITY x \"y\">]>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM \"http://127.0.0.1:9/x\"> %x;]>",
        ("<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
         "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>"),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        char *text =
            g_strconcat("<?xml version=\"1.0\"?>", types[i], BEGIN "<a>&d;&x;</a>" END, NULL);
        assert_int_equal(result_of_text(text), SOAP_MALFORMED);
        g_free(text);
        text = g_strconcat(types[i], BEGIN "<a/>" END, NULL);
        assert_int_equal(result_of_text(text), SOAP_MALFORMED);
        g_free(text);
    }
    assert_int_equal(result_of_text(BEGIN "<a>&x;</a>" END), SOAP_MALFORMED);
    assert_int_equal(result_of_text(BEGIN "<a>&#65;&lt;</a>" END), SOAP_OK);
}

/* `n` times `open`, then `n` times `close`, within a body. */
static char *nest(int n, const char *open, const char *close)
{
    GString *text = g_string_new(BEGIN "<a>");
    for (int i = 0; i < n; i++)
        g_string_append(text, open);
    for (int i = 0; i < n; i++)
        g_string_append(text, close);
    g_string_append(text, "</a>" END);
    return g_string_free(text, FALSE);
}

static enum soap_result result_of_nest(int n, const char *open, const char *close)
{
    char *text = nest(n, open, close);
    const enum soap_result result = result_of_text(text);
    g_free(text);
    return result;
}

static void deep_and_wide_requests_are_refused(void **state)
{
    (void)state;
    const int outer = 3, inner = SOAP_MAX_ELEMENTS - outer; /* Envelope, Body and the action */
    assert_int_equal(result_of_nest(SOAP_MAX_DEPTH - outer, "<b>", "</b>"), SOAP_OK);
    assert_int_equal(result_of_nest(SOAP_MAX_DEPTH - outer + 1, "<b>", "</b>"), SOAP_MALFORMED);
    assert_int_equal(result_of_nest(inner, "<b/>", ""), SOAP_OK);
    assert_int_equal(result_of_nest(inner + 1, "<b/>", ""), SOAP_MALFORMED);
    assert_int_equal(result_of_nest(inner, "<b c='/>'>", "</b>"), SOAP_MALFORMED);
    assert_int_equal(result_of_nest(40, "<b c='/>'/>", ""), SOAP_OK);
    assert_int_equal(result_of_nest(40, "<!--<b>--><![CDATA[<b>]]><?b <b> ?>", ""), SOAP_OK);
    assert_int_equal(result_of_nest(1, "<!--", "<b></b>"), SOAP_MALFORMED);
}

/* An action with `n` attributes: its own namespace's, and others. */
static char *adorn(int n)
{
    GString *text = g_string_new(BEGIN "<a");
    for (int i = 0; i < n; i++)
        g_string_append_printf(text, i % 2 ? " a%d='\"x='" : " xmlns:a%d = '>'", i);
    g_string_append(text, "/>" END);
    return g_string_free(text, FALSE);
}

static void an_element_has_no_more_attributes_than_the_limit(void **state)
{
    (void)state;
    char *most = adorn(SOAP_MAX_ATTRIBUTES), *more = adorn(SOAP_MAX_ATTRIBUTES + 1);
    assert_int_equal(result_of_text(most), SOAP_OK);
    assert_int_equal(result_of_text(more), SOAP_MALFORMED);
    g_free(most);
    g_free(more);
}

static void no_other_encoding_hides_what_it_says(void **state)
{
    (void)state;
    static const char whole[] = BEGIN "<a/>" END;
    char *wide = g_convert(whole, -1, "UTF-16", "UTF-8", NULL, &(gsize){0}, NULL);
    assert_int_equal(result_of(wide, 2 * strlen(whole) + 2), SOAP_MALFORMED);
    g_free(wide);
    assert_int_equal(result_of_text("<?xml version=\"1.0\" encoding=\"UTF-7\"?>" BEGIN
                                    "<a>+ADw-b/+AD4-</a>" END),
                     SOAP_OK); /* as it stands */
}

static void no_more_than_the_limit_is_read(void **state)
{
    (void)state;
    GString *text = g_string_new(BEGIN "<a>");
    while (text->len < SOAP_MAX_SIZE - strlen("</a>" END))
        g_string_append_c(text, 'x');
    g_string_append(text, "</a>" END);
    assert_int_equal(result_of(text->str, text->len), SOAP_OK);
    g_string_append_c(text, '\n');
    assert_int_equal(result_of(text->str, text->len), SOAP_MALFORMED);
    g_string_free(text, TRUE);
}

static void a_token_is_found_and_a_clear_password_is_none(void **state)
{
    (void)state;
    static const char format[] =
        "<s:Envelope xmlns:s=\"" ENVELOPE
        "\"><s:Header><w:Security xmlns:w=\"http://docs.oasis-open."
        "org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\"><w:UsernameToken>"
        "<w:Username>me</w:Username><w:Password "
        "Type=\"x#%s\">abc=</w:Password><w:Nonce>bm8=</w:Nonce>"
        "<u:Created xmlns:u=\"urn:u\">now</u:Created></w:UsernameToken></w:Security></s:Header>"
        "<s:Body><a/></s:Body></s:Envelope>";
    struct auth_token token;
    char *text = g_strdup_printf(format, "PasswordDigest");
    struct soap *soap = read_good(text);
    assert_true(soap_token(soap, &token));
    assert_string_equal(token.user, "me");
    assert_string_equal(token.digest, "abc=");
    assert_string_equal(token.nonce, "bm8=");
    assert_string_equal(token.created, "now");
    soap_free(soap);
    g_free(text);
    text = g_strdup_printf(format, "PasswordText");
    soap = read_good(text);
    assert_true(soap_token(soap, &token));
    assert_null(token.digest);
    soap_free(soap);
    g_free(text);
    soap = read_good(BEGIN "<a/>" END);
    assert_false(soap_token(soap, &token));
    soap_free(soap);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const char hostile[] = "</b>]]>&amp;\"'<!-- \xc3\xa9";
    GString *text = soap_begin("<a:MessageID>one</a:MessageID>");
    soap_put(text, "<tds:One><b c=\"%s\">%s</b></tds:One>", hostile, hostile);
    soap_end(text);
    struct soap *soap = read_good(text->str);
    assert_string_equal(soap_action(soap), "One");
    assert_string_equal(soap_text(soap, "b"), hostile);
    assert_string_equal(soap_attribute(soap, "b", "c"), hostile);
    assert_string_equal(soap_header_text(soap, "MessageID"), "one");
    soap_free(soap);
    g_string_free(text, TRUE);
}

static void a_fault_has_its_codes_and_its_reason(void **state)
{
    (void)state;
    GString *text = soap_fault("Sender", "ter:InvalidArgVal", "ter:NoProfile", "none <here>");
    struct soap *soap = read_good(text->str);
    assert_string_equal(soap_action(soap), "Fault");
    assert_string_equal(soap_namespace(soap), ENVELOPE);
    assert_true(soap_has(soap, "Value", "s:Sender"));
    assert_true(soap_has(soap, "Value", "ter:InvalidArgVal"));
    assert_true(soap_has(soap, "Value", "ter:NoProfile"));
    assert_string_equal(soap_text(soap, "Text"), "none <here>");
    soap_free(soap);
    g_string_free(text, TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_action_and_its_texts_are_found),
        cmocka_unit_test(qualified_names_are_resolved_where_they_stand),
        cmocka_unit_test(what_is_no_envelope_is_refused),
        cmocka_unit_test(every_beginning_of_a_request_is_refused),
        cmocka_unit_test(a_document_type_is_refused_before_it_is_read),
        cmocka_unit_test(deep_and_wide_requests_are_refused),
        cmocka_unit_test(an_element_has_no_more_attributes_than_the_limit),
        cmocka_unit_test(no_other_encoding_hides_what_it_says),
        cmocka_unit_test(no_more_than_the_limit_is_read),
        cmocka_unit_test(a_token_is_found_and_a_clear_password_is_none),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(a_fault_has_its_codes_and_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
