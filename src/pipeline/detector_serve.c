/* SPDX-License-Identifier: Apache-2.0 */
/* The detector's side of detector_wire.h: runs in a process that has pictures and models only. */
#define _GNU_SOURCE /* close_range, prctl */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "find/detector_runner.h"
#include "pipeline/detector_wire.h"

struct bauta_picture bt_detector_picture(uint8_t *memory, int width, int height)
{
    size_t luma = (size_t)width * (size_t)height;
    return (struct bauta_picture){width,
                                  height,
                                  {memory, memory + luma, memory + luma + luma / 4},
                                  {width, width / 2, width / 2}};
}

/* Nothing of a picture may be left in a core file, and nobody may look into this process. */
static void shut_in(int socket)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (socket > 3)
        close_range(3, (unsigned)socket - 1, 0);
    close_range((unsigned)socket + 1, ~0u, 0);
}

static bool tell(int socket, const struct bt_detector_answer *answer)
{
    ssize_t n;
    do
        n = send(socket, answer, sizeof(*answer), MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof(*answer);
}

static void say(void *user, enum bauta_log_level level, const char *sentence)
{
    const int *socket = user;
    struct bt_detector_answer answer = {.kind = BT_DETECTOR_SAID};
    answer.said.level = (int)level;
    snprintf(answer.said.sentence, sizeof(answer.said.sentence), "%s", sentence);
    tell(*socket, &answer);
}

/* Takes the hello and the memory that comes with it; -1 if it is not as it should be. */
static int take_hello(struct bt_detector_hello *hello, int socket)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {hello, sizeof(*hello)};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    int memory = -1;
    ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    const struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(&memory, CMSG_DATA(header), sizeof(int));
    if (n != (ssize_t)sizeof(*hello) ||
        strncmp(hello->version, BT_DETECTOR_VERSION, sizeof(hello->version)) != 0 ||
        hello->width < BT_MIN_SIDE || hello->height < BT_MIN_SIDE || hello->width > BT_MAX_SIDE ||
        hello->height > BT_MAX_SIDE || hello->width % 2 || hello->height % 2 ||
        !bauta_view_is_sound(&hello->view))
        return -1;
    return memory;
}

static const char *or_null(char text[BT_DETECTOR_PATH])
{
    text[BT_DETECTOR_PATH - 1] = '\0';
    return *text ? text : NULL;
}

static enum bauta_status open_detector(struct bt_detector **detector,
                                       struct bt_detector_hello *hello, const struct bauta_log *log)
{
    struct bauta_find_settings find;
    bauta_find_settings_init(&find);
    find.classes = hello->classes;
    find.threads = hello->threads;
    find.view = hello->view;
    find.face.score = hello->face_score;
    find.body.score = hello->body_score;
    find.weak_body_score = hello->weak_body_score;
    find.data_dir = or_null(hello->data_dir);
    find.body_model = or_null(hello->body_model);
    find.face_model = or_null(hello->face_model);
    find.body_family = or_null(hello->body_family);
    find.face_family = or_null(hello->face_family);
    return bt_detector_runner_open(detector, &find, hello->width, hello->height, log);
}

static enum bauta_status look(struct bt_detector *detector, struct bauta_sights *sights,
                              const struct bauta_picture *picture, const struct bauta_view *view)
{
    enum bauta_status status = bauta_view_is_sound(view)
                                   ? bt_detector_runner_set_view(detector, view)
                                   : BAUTA_ERR_ARGUMENT;
    return status ? status : bt_detector_runner_find(detector, sights, picture);
}

/* Answers until the socket is closed. */
static int answer_questions(int socket, struct bt_detector *detector,
                            const struct bauta_picture *picture)
{
    struct bt_detector_question question;
    struct bt_detector_answer answer = {.kind = BT_DETECTOR_READY};
    bool goes_on = tell(socket, &answer);
    while (goes_on) {
        ssize_t n = recv(socket, &question, sizeof(question), 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n != (ssize_t)sizeof(question))
            break;
        answer = (struct bt_detector_answer){.kind = BT_DETECTOR_FOUND};
        answer.found.number = question.number;
        answer.found.status = (int)look(detector, &answer.found.sights, picture, &question.view);
        goes_on = tell(socket, &answer);
    }
    return 0;
}

int bauta_detector_process_serve(int socket)
{
    static struct bt_detector_hello hello; /* too large for comfort on the stack */
    const struct bauta_log log = {say, &socket};
    shut_in(socket);
    int memory = take_hello(&hello, socket);
    if (memory < 0)
        return 2;
    size_t size = (size_t)hello.width * (size_t)hello.height * 3 / 2;
    uint8_t *pixels = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    close(memory);
    struct bt_detector *detector = NULL;
    if (pixels == MAP_FAILED || open_detector(&detector, &hello, &log))
        return 1;
    struct bauta_picture picture = bt_detector_picture(pixels, hello.width, hello.height);
    int status = answer_questions(socket, detector, &picture);
    bt_detector_runner_close(&detector);
    munmap(pixels, size);
    return status;
}
