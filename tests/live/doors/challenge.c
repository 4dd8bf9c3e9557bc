/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <gio/gio.h>
#include <gst/gst.h>
#include <string.h>

#include "source/challenge.h"

/* A camera's end of one connection: says `says`, and then a byte at a time, as slowly as it can. */
struct camera {
    GSocket *listener;
    const char *says;
    int drips; /* atomic: until 0 */
};

static gpointer answer(gpointer data)
{
    struct camera *camera = data;
    char request[4096];
    GSocket *socket = g_socket_accept(camera->listener, NULL, NULL);
    if (!socket)
        return NULL;
    if (g_socket_receive(socket, request, sizeof(request), NULL, NULL) > 0)
        g_socket_send(socket, camera->says, strlen(camera->says), NULL, NULL);
    while (g_atomic_int_get(&camera->drips) && g_socket_send(socket, "a", 1, NULL, NULL) == 1)
        g_usleep(G_USEC_PER_SEC / 10);
    g_object_unref(socket);
    return NULL;
}

/* What is said of a camera that answers so. */
static char *explanation_of(const char *says, bool drips)
{
    struct camera camera = {g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, NULL), says,
                            drips};
    GInetAddress *loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    GSocketAddress *any = g_inet_socket_address_new(loopback, 0);
    assert_true(g_socket_bind(camera.listener, any, FALSE, NULL) &&
                g_socket_listen(camera.listener, NULL));
    GSocketAddress *at = g_socket_get_local_address(camera.listener, NULL);
    struct source_config config = {
        .location = g_strdup_printf("rtsp://127.0.0.1:%d/x",
                                    g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(at)))};
    GThread *thread = g_thread_new("camera", answer, &camera);
    char *sentence = challenge_explain(&config);
    g_atomic_int_set(&camera.drips, 0);
    g_thread_join(thread);
    g_free(config.location);
    g_object_unref(at);
    g_object_unref(any);
    g_object_unref(loopback);
    g_object_unref(camera.listener);
    return sentence;
}

#define REFUSAL "RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n"

static void a_camera_that_wants_sha256_is_told_as_such(void **state)
{
    (void)state;
    char *sentence = explanation_of(REFUSAL "WWW-Authenticate: Digest realm=\"x\", nonce=\"y\", "
                                            "algorithm=SHA-256\r\n\r\n",
                                    false);
    assert_non_null(sentence);
    assert_non_null(strstr(sentence, "SHA-256"));
    g_free(sentence);
}

static void of_one_that_takes_md5_nothing_is_said(void **state)
{
    (void)state;
    assert_null(
        explanation_of(REFUSAL "WWW-Authenticate: Digest realm=\"x\", nonce=\"y\"\r\n\r\n", false));
}

/* It would go on for ever; the time that a test may take ends it then. */
static void one_whose_answer_has_no_end_holds_nobody_up(void **state)
{
    (void)state;
    assert_null(explanation_of(REFUSAL "X-Name: ", true));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_camera_that_wants_sha256_is_told_as_such),
        cmocka_unit_test(of_one_that_takes_md5_nothing_is_said),
        cmocka_unit_test(one_whose_answer_has_no_end_holds_nobody_up),
    };
    gst_init(&argc, &argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
