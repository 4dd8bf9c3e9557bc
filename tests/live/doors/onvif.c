/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "onvif/onvif.h"
#include "onvif/soap.h"
#include "site.h"

/* What ONVIF's services answer. */

#define DEVICE "http://www.onvif.org/ver10/device/wsdl"
#define MEDIA  "http://www.onvif.org/ver10/media/wsdl"
#define MEDIA2 "http://www.onvif.org/ver20/media/wsdl"

struct fixture {
    struct site site;
    struct onvif *onvif;
    bool allowed; /* what the last request was told */
    guint status;
    struct soap *soap; /* the last answer's body */
    char *text;
};

static int open_door(void **state)
{
    struct fixture *door = g_new0(struct fixture, 1);
    site_init(&door->site);
    door->site.site.guesses = guesses_new();
    door->onvif = onvif_new(0);
    *state = door;
    return 0;
}

static void forget(struct fixture *door)
{
    soap_free(door->soap);
    g_free(door->text);
    door->soap = NULL;
    door->text = NULL;
}

static int close_door(void **state)
{
    struct fixture *door = *state;
    forget(door);
    onvif_free(door->onvif);
    guesses_unref(door->site.site.guesses);
    g_free(door);
    return 0;
}

/* 2010-09-16T07:50:45Z, when the token of ONVIF's guide was made. */
static const gint64 token_us = 1284623445000000;

static const char token[] =
    "<Security "
    "xmlns=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0."
    "xsd\"><UsernameToken><Username>user</Username><Password Type=\"#PasswordDigest\">"
    "tuOSpGlFlIXsozq4HFNeeGeFLEI=</Password><Nonce>LKqI6G/AikKCQrN0zqZFlg==</Nonce>"
    "<Created>2010-09-16T07:50:45Z</Created></UsernameToken></Security>";

/* Sends `content` within an element `action`; every answer must be an envelope. */
static void post(struct fixture *door, enum onvif_service service, const char *ns,
                 const char *action, const char *content, const char *header, bool known)
{
    struct page page = {0};
    char *request =
        g_strdup_printf("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">"
                        "<s:Header>%s</s:Header><s:Body><%s xmlns=\"%s\">%s</%s></s:Body>"
                        "</s:Envelope>",
                        header, action, ns, content, action);
    forget(door);
    door->allowed = onvif_answer(door->onvif, &page, service, &door->site.site, request,
                                 strlen(request), known, token_us);
    gsize size;
    const char *text = g_bytes_get_data(page.body, &size);
    door->text = g_strndup(text, size);
    door->status = page.status;
    assert_int_equal(soap_read(&door->soap, text, size), SOAP_OK);
    page_clear(&page);
    g_free(request);
}

static const char *const namespaces[] = {DEVICE, MEDIA, MEDIA2};

static void ask(struct fixture *door, enum onvif_service service, const char *action,
                const char *content)
{
    post(door, service, namespaces[service], action, content, "", true);
}

/* Asks, and wants an answer of the action's name. */
static void ask_well(struct fixture *door, enum onvif_service service, const char *action,
                     const char *content)
{
    ask(door, service, action, content);
    char *response = g_strconcat(action, "Response", NULL);
    assert_string_equal(soap_action(door->soap), response);
    assert_string_equal(soap_namespace(door->soap), namespaces[service]);
    assert_int_equal(door->status, 200);
    g_free(response);
}

static void ask_in_vain(struct fixture *door, enum onvif_service service, const char *action,
                        const char *content, const char *fault)
{
    ask(door, service, action, content);
    assert_string_equal(soap_action(door->soap), "Fault");
    assert_true(soap_has(door->soap, "Value", fault));
    assert_true(door->status >= 400);
}

static int count(const struct fixture *door, const char *text)
{
    int n = 0;
    for (const char *at = door->text; (at = strstr(at, text)); at += strlen(text))
        n++;
    return n;
}

static void every_question_without_arguments_has_an_answer(void **state)
{
    struct fixture *door = *state;
    static const struct {
        enum onvif_service service;
        const char *action;
    } questions[] = {
        {ONVIF_DEVICE, "GetSystemDateAndTime"},
        {ONVIF_DEVICE, "GetDeviceInformation"},
        {ONVIF_DEVICE, "GetCapabilities"},
        {ONVIF_DEVICE, "GetServices"},
        {ONVIF_DEVICE, "GetServiceCapabilities"},
        {ONVIF_DEVICE, "GetScopes"},
        {ONVIF_DEVICE, "GetHostname"},
        {ONVIF_DEVICE, "GetEndpointReference"},
        {ONVIF_DEVICE, "GetNetworkInterfaces"},
        {ONVIF_DEVICE, "GetNetworkProtocols"},
        {ONVIF_DEVICE, "GetNetworkDefaultGateway"},
        {ONVIF_DEVICE, "GetDNS"},
        {ONVIF_DEVICE, "GetNTP"},
        {ONVIF_DEVICE, "GetDiscoveryMode"},
        {ONVIF_MEDIA, "GetServiceCapabilities"},
        {ONVIF_MEDIA, "GetProfiles"},
        {ONVIF_MEDIA, "GetVideoSources"},
        {ONVIF_MEDIA, "GetVideoSourceConfigurations"},
        {ONVIF_MEDIA, "GetVideoEncoderConfigurations"},
        {ONVIF_MEDIA, "GetVideoEncoderConfigurationOptions"},
        {ONVIF_MEDIA2, "GetServiceCapabilities"},
        {ONVIF_MEDIA2, "GetProfiles"},
        {ONVIF_MEDIA2, "GetVideoSourceConfigurations"},
        {ONVIF_MEDIA2, "GetVideoEncoderConfigurations"},
        {ONVIF_MEDIA2, "GetVideoEncoderConfigurationOptions"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(questions); i++)
        ask_well(door, questions[i].service, questions[i].action, "");
}

static void nothing_can_be_set(void **state)
{
    struct fixture *door = *state;
    static const char unknown[] = "ter:ActionNotSupported";
    ask_in_vain(door, ONVIF_DEVICE, "SetHostname", "<Name>x</Name>", unknown);
    ask_in_vain(door, ONVIF_DEVICE, "SystemReboot", "", unknown);
    ask_in_vain(door, ONVIF_DEVICE, "CreateUsers", "", unknown);
    ask_in_vain(door, ONVIF_MEDIA, "SetVideoEncoderConfiguration", "", unknown);
    ask_in_vain(door, ONVIF_MEDIA, "GetDeviceInformation", "", unknown);
    ask_in_vain(door, ONVIF_MEDIA2, "CreateProfile", "", unknown);
    post(door, ONVIF_DEVICE, "urn:other", "GetServices", "", "", true);
    assert_true(soap_has(door->soap, "Value", unknown));
}

static void the_time_is_for_everybody_and_pictures_are_not(void **state)
{
    struct fixture *door = *state;
    post(door, ONVIF_DEVICE, DEVICE, "GetSystemDateAndTime", "", "", false);
    assert_true(door->allowed);
    assert_int_equal(door->status, 200);
    assert_string_equal(soap_text(door->soap, "Year"), "2010");
    assert_string_equal(soap_text(door->soap, "Second"), "45");
    post(door, ONVIF_MEDIA, MEDIA, "GetProfiles", "", "", false);
    assert_false(door->allowed);
    assert_int_equal(door->status, 401);
    assert_true(soap_has(door->soap, "Value", "ter:NotAuthorized"));
    post(door, ONVIF_MEDIA, MEDIA, "NoSuchThing", "", "", false);
    assert_int_equal(door->status, 401);
    door->site.config.anonymous = true;
    post(door, ONVIF_MEDIA, MEDIA, "GetProfiles", "", "", false);
    assert_int_equal(door->status, 200);
}

static void a_token_opens_once(void **state)
{
    struct fixture *door = *state;
    post(door, ONVIF_MEDIA, MEDIA, "GetProfiles", "", token, false);
    assert_true(door->allowed);
    assert_int_equal(door->status, 200);
    door->site.site.peer = "10.0.0.3";
    post(door, ONVIF_MEDIA, MEDIA, "GetProfiles", "", token, false);
    assert_false(door->allowed);
    assert_int_equal(door->status, 400);
    assert_true(soap_has(door->soap, "Value", "ter:NotAuthorized"));
}

static void what_is_not_soap_gets_a_fault(void **state)
{
    struct fixture *door = *state;
    static const char *const requests[] = {"", "<", "hello", "<a/>", "<!DOCTYPE a><a/>"};
    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
        struct page page = {0};
        for (int known = 0; known < 2; known++) {
            assert_int_equal(onvif_answer(door->onvif, &page, ONVIF_DEVICE, &door->site.site,
                                          requests[i], strlen(requests[i]), known, token_us),
                             known);
            assert_int_equal(page.status, known ? 400 : 401);
            page_clear(&page);
        }
    }
}

static void services_are_named_with_their_addresses(void **state)
{
    struct fixture *door = *state;
    ask_well(door, ONVIF_DEVICE, "GetServices", "<IncludeCapability>false</IncludeCapability>");
    assert_true(soap_has(door->soap, "XAddr", "http://camera.example:8080/onvif/device_service"));
    assert_true(soap_has(door->soap, "XAddr", "http://camera.example:8080/onvif/media_service"));
    assert_true(soap_has(door->soap, "Namespace", MEDIA2));
    assert_null(soap_text(door->soap, "Capabilities"));
    ask_well(door, ONVIF_DEVICE, "GetServices", "<IncludeCapability>true</IncludeCapability>");
    assert_int_equal(count(door, "<tds:Capabilities>"), 4);
    ask_well(door, ONVIF_DEVICE, "GetCapabilities", "<Category>Media</Category>");
    assert_true(soap_has(door->soap, "XAddr", "http://camera.example:8080/onvif/media_service"));
    assert_null(soap_text(door->soap, "Device"));
    ask_in_vain(door, ONVIF_DEVICE, "GetCapabilities", "<Category>PTZ</Category>",
                "ter:NoSuchService");
}

static void each_stream_has_a_profile(void **state)
{
    struct fixture *door = *state;
    ask_well(door, ONVIF_MEDIA, "GetProfiles", "");
    assert_int_equal(count(door, "<trt:Profiles "), 3);
    assert_int_equal(count(door, "<tt:VideoEncoderConfiguration "), 2); /* none for H.265 */
    ask_well(door, ONVIF_MEDIA, "GetProfile", "<ProfileToken>front-sub</ProfileToken>");
    assert_string_equal(soap_attribute(door->soap, "Profile", "token"), "front-sub");
    assert_string_equal(soap_text(door->soap, "Width"), "640");
    assert_string_equal(soap_text(door->soap, "BitrateLimit"), "300");
    assert_string_equal(soap_text(door->soap, "GovLength"), "10");
    assert_string_equal(soap_attribute(door->soap, "Bounds", "width"), "1920");
    assert_string_equal(soap_text(door->soap, "UseCount"), "2");
    ask_in_vain(door, ONVIF_MEDIA, "GetProfile", "<ProfileToken>front</ProfileToken>",
                "ter:NoProfile");
    ask_in_vain(door, ONVIF_MEDIA, "GetProfile", "", "ter:NoProfile");
}

static void h265_is_told_by_the_second_media_service(void **state)
{
    struct fixture *door = *state;
    ask_well(door, ONVIF_MEDIA2, "GetProfiles",
             "<Token>back-main-main</Token><Type>VideoEncoder</Type>");
    assert_int_equal(count(door, "<tr2:Profiles "), 1);
    assert_string_equal(soap_text(door->soap, "Encoding"), "H265");
    assert_null(soap_text(door->soap, "VideoSource"));
    ask_well(door, ONVIF_MEDIA2, "GetProfiles", "");
    assert_int_equal(count(door, "<tr2:Profiles "), 3);
    assert_null(soap_text(door->soap, "VideoEncoder"));
    ask_well(door, ONVIF_MEDIA2, "GetVideoEncoderConfigurations",
             "<ConfigurationToken>front-main</ConfigurationToken>");
    assert_int_equal(count(door, "<tr2:Configurations "), 1);
    assert_string_equal(soap_text(door->soap, "FrameRateLimit"), "29.97");
    ask_in_vain(door, ONVIF_MEDIA2, "GetProfiles", "<Token>none</Token>", "ter:NoProfile");
    ask_in_vain(door, ONVIF_MEDIA2, "GetVideoEncoderConfigurations",
                "<ConfigurationToken>none</ConfigurationToken>", "ter:NoConfig");
    ask_well(door, ONVIF_MEDIA, "GetVideoEncoderConfigurationOptions",
             "<ProfileToken>back-main-main</ProfileToken>");
    assert_null(soap_text(door->soap, "H264"));
    ask_in_vain(door, ONVIF_MEDIA, "GetVideoEncoderConfiguration",
                "<ConfigurationToken>back-main-main</ConfigurationToken>", "ter:NoConfig");
}

static void streams_and_snapshots_have_addresses(void **state)
{
    struct fixture *door = *state;
    ask_well(door, ONVIF_MEDIA, "GetStreamUri",
             "<StreamSetup><Stream>RTP-Unicast</Stream><Transport><Protocol>UDP</Protocol>"
             "</Transport></StreamSetup><ProfileToken>front-sub</ProfileToken>");
    assert_string_equal(soap_text(door->soap, "Uri"), "rtsp://camera.example:8554/front/sub");
    ask_well(door, ONVIF_MEDIA2, "GetStreamUri",
             "<Protocol>RTSP</Protocol><ProfileToken>back-main-main</ProfileToken>");
    assert_string_equal(soap_text(door->soap, "Uri"), "rtsp://camera.example:8554/back-main");
    ask_well(door, ONVIF_MEDIA2, "GetStreamUri",
             "<Protocol>RtspsUnicast</Protocol><ProfileToken>front-main</ProfileToken>");
    assert_string_equal(soap_text(door->soap, "Uri"), "rtsps://camera.example:8322/front");
    ask_well(door, ONVIF_MEDIA, "GetSnapshotUri", "<ProfileToken>front-main</ProfileToken>");
    assert_string_equal(soap_text(door->soap, "Uri"),
                        "http://camera.example:8080/front/snapshot.jpg");
}

static void addresses_that_there_are_not_get_faults(void **state)
{
    struct fixture *door = *state;
    static const char setup[] = "ter:InvalidStreamSetup";
    ask_in_vain(door, ONVIF_MEDIA, "GetStreamUri",
                "<Stream>RTP-Multicast</Stream><ProfileToken>front-sub</ProfileToken>", setup);
    ask_in_vain(door, ONVIF_MEDIA, "GetStreamUri",
                "<Protocol>HTTP</Protocol><ProfileToken>front-sub</ProfileToken>", setup);
    ask_in_vain(door, ONVIF_MEDIA2, "GetStreamUri",
                "<Protocol>RtspMulticast</Protocol><ProfileToken>front-sub</ProfileToken>", setup);
    ask_in_vain(door, ONVIF_MEDIA2, "GetStreamUri", "<ProfileToken>front-sub</ProfileToken>",
                setup);
    ask_in_vain(door, ONVIF_MEDIA, "GetStreamUri", "<ProfileToken>none</ProfileToken>",
                "ter:NoProfile");
    ask_in_vain(door, ONVIF_MEDIA, "GetSnapshotUri", "<ProfileToken>back-main-main</ProfileToken>",
                "ter:ActionNotSupported");
    door->site.urls.rtsp = door->site.urls.rtsps = NULL;
    ask_in_vain(door, ONVIF_MEDIA, "GetStreamUri", "<ProfileToken>front-sub</ProfileToken>", setup);
}

static void the_address_is_the_one_that_the_client_used(void **state)
{
    struct fixture *door = *state;
    struct service_config *config = &door->site.config;
    static const struct {
        const char *header, *local;
        bool secret;
        const char *http, *rtsp;
    } cases[] = {
        {"a.example", "10.0.0.1", false, "http://a.example:80", "rtsp://a.example:8554"},
        {"a.example:99", "10.0.0.1", false, "http://a.example:99", "rtsp://a.example:8554"},
        {"a.example", "10.0.0.1", true, "https://a.example:443", "rtsp://a.example:8554"},
        {"[fd00::2]:99", "fd00::2", false, "http://[fd00::2]:99", "rtsp://[fd00::2]:8554"},
        {NULL, "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
        {NULL, "fd00::2", false, "http://[fd00::2]:8080", "rtsp://[fd00::2]:8554"},
        {"a@b", "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
        {"a/b", "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
        {"<a>", "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
        {"a:0", "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
        {"a:99999", "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
        {"[::1", "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
        {":80", "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
        {"", "10.0.0.1", false, "http://10.0.0.1:8080", "rtsp://10.0.0.1:8554"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct urls urls;
        urls_init(&urls, config, cases[i].header, cases[i].local, cases[i].secret);
        assert_string_equal(urls.http, cases[i].http);
        assert_string_equal(urls.rtsp, cases[i].rtsp);
        urls_clear(&urls);
    }
    char address[] = "fixed.example";
    config->address = address;
    config->rtsp.port = 0;
    struct urls urls;
    urls_init(&urls, config, "a.example:99", "10.0.0.1", false);
    assert_string_equal(urls.http, "http://fixed.example:8080");
    assert_null(urls.rtsp);
    assert_string_equal(urls.rtsps, "rtsps://fixed.example:8322");
    urls_clear(&urls);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_door, close_door)

static guint count_wrong(const struct fixture *door)
{
    return (guint)guesses_count(door->site.site.guesses, GUESSES_ONVIF);
}

/* Whether somebody with this token is let in. */
static bool is_let_in(struct fixture *door, const char *header)
{
    post(door, ONVIF_DEVICE, DEVICE, "GetScopes", "", header, false);
    return door->allowed;
}

static void a_request_is_one_guess(void **state)
{
    struct fixture *door = *state;
    static const char *const more[][2] = {
        /* before this, another of them */
        {"</UsernameToken>", "<Password>guess</Password>"},
        {"</UsernameToken>", "<Username>another</Username>"},
        {"</Security>", "<UsernameToken><Username>user</Username></UsernameToken>"},
        {"", "<Security><UsernameToken/></Security>"}};
    for (size_t i = 0; i < G_N_ELEMENTS(more); i++) {
        const char *end = *more[i][0] ? strstr(token, more[i][0]) : token + strlen(token);
        const size_t at = (size_t)(end - token);
        char *two = g_strdup_printf("%.*s%s%s", (int)at, token, more[i][1], token + at);
        assert_false(is_let_in(door, two));
        assert_int_equal(door->status, 400);
        assert_int_equal(count_wrong(door), i + 1);
        g_free(two);
    }
    assert_true(is_let_in(door, token)); /* it was not used up */
}

static void wrong_tokens_are_counted_and_too_many_are_not_looked_at(void **state)
{
    struct fixture *door = *state;
    struct guesses *guesses = door->site.site.guesses;
    char *wrong = g_strdup(token);
    *strstr(wrong, "tuOSp") = 'T';
    assert_false(is_let_in(door, wrong));
    assert_int_equal(count_wrong(door), 1);
    assert_false(is_let_in(door, "")); /* says nothing, and guesses nothing */
    assert_int_equal(count_wrong(door), 1);
    for (int i = 1; i < GUESSES_AT_ONCE; i++)
        guesses_wrong(guesses, GUESSES_RTSP, "10.0.0.2", "somebody", 0);
    assert_false(is_let_in(door, token)); /* the right one */
    assert_int_equal(count_wrong(door), 2);
    door->site.site.peer = "10.0.0.3";
    assert_true(is_let_in(door, token));
    assert_int_equal(count_wrong(door), 2);
    g_free(wrong);
}

static void who_is_known_there_is_looked_at(void **state)
{
    struct fixture *door = *state;
    for (int i = 0; i < GUESSES_AT_ONCE; i++)
        guesses_wrong(door->site.site.guesses, GUESSES_RTSP, "10.0.0.2", "somebody", 0);
    guesses_right(door->site.site.guesses, "10.0.0.2", "user", 0);
    assert_true(is_let_in(door, token));
    for (int i = 0; i < GUESSES_KNOWN_AT_ONCE; i++)
        guesses_wrong(door->site.site.guesses, GUESSES_RTSP, "10.0.0.2", "user", 0);
    assert_false(is_let_in(door, token));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_question_without_arguments_has_an_answer),
        TEST(nothing_can_be_set),
        TEST(the_time_is_for_everybody_and_pictures_are_not),
        TEST(a_token_opens_once),
        TEST(what_is_not_soap_gets_a_fault),
        TEST(services_are_named_with_their_addresses),
        TEST(each_stream_has_a_profile),
        TEST(h265_is_told_by_the_second_media_service),
        TEST(streams_and_snapshots_have_addresses),
        TEST(addresses_that_there_are_not_get_faults),
        TEST(the_address_is_the_one_that_the_client_used),
        TEST(a_request_is_one_guess),
        TEST(wrong_tokens_are_counted_and_too_many_are_not_looked_at),
        TEST(who_is_known_there_is_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
