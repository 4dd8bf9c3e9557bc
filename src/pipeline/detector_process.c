/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create */
#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/frame.h"
#include "base/limits.h"
#include "base/log.h"
#include "pipeline/detector_wire.h"
#include "pipeline/watch.h"

extern char **environ;

enum { CHILD_SOCKET = 3, MOST_WORDS = 64 /* that are listened to at once */ };
static const double first_pause_s = 0.25, longest_pause_s = 10; /* before it is started again */
static const double good_s = 30; /* after so long the next pause is a short one again */

struct bauta_detector_process {
    struct bt_detector_hello hello;
    char program[BT_DETECTOR_PATH];
    double patience_s;
    const struct bauta_log *log;
    pid_t pid; /* 0: none now */
    int socket;
    uint8_t *memory; /* shared with the process */
    size_t size;
    bool loaded;      /* it said that it is ready */
    double started_s; /* when it was started, or when the last one ended */
    double pause_s;   /* before the next start */
    uint64_t n_starts;
    bool asked, answered, lost; /* a picture was given; what was found is here; it never will be */
    uint64_t number;            /* of the last question */
    int64_t pts;
    double asked_s;
    struct bauta_sights sights;
};

void bauta_detector_process_settings_init(struct bauta_detector_process_settings *settings)
{
    *settings = (struct bauta_detector_process_settings){.patience_ms = 5000};
    bauta_find_settings_init(&settings->find);
}

/* Copies a path; false if it is too long. */
static bool copy_path(char to[BT_DETECTOR_PATH], const char *from)
{
    return snprintf(to, BT_DETECTOR_PATH, "%s", from ? from : "") < BT_DETECTOR_PATH;
}

static bool make_hello(struct bt_detector_hello *hello,
                       const struct bauta_detector_process_settings *s)
{
    const struct bauta_find_settings *find = &s->find;
    *hello = (struct bt_detector_hello){.width = s->width,
                                        .height = s->height,
                                        .view = find->view,
                                        .classes = find->classes,
                                        .threads = find->threads,
                                        .face_score = find->face.score,
                                        .body_score = find->body.score,
                                        .weak_body_score = find->weak_body_score};
    memcpy(hello->version, BT_DETECTOR_VERSION, sizeof(BT_DETECTOR_VERSION));
    return copy_path(hello->data_dir, find->data_dir) &&
           copy_path(hello->body_model, find->body_model) &&
           copy_path(hello->face_model, find->face_model) &&
           copy_path(hello->body_family, find->body_family) &&
           copy_path(hello->face_family, find->face_family);
}

/* The program as told, else by the environment, else where it was installed. */
static enum bauta_status find_program(struct bauta_detector_process *d, const char *told)
{
    const char *from_environment = getenv("BAUTA_DETECTOR");
    const char *path = told                                    ? told
                       : from_environment && *from_environment ? from_environment
                                                               : BT_DETECTOR_PROGRAM;
    if (!copy_path(d->program, path) || access(d->program, X_OK) != 0)
        return bt_log_fail(d->log, BAUTA_ERR_DETECTOR, "%s: the detector's program cannot be run",
                           path);
    return BAUTA_OK;
}

/* Sends the hello, and with it the memory. */
static bool send_hello(int socket, const struct bt_detector_hello *hello, int memory)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    memset(&control, 0, sizeof(control));
    struct bt_detector_hello copy = *hello;
    struct iovec part = {&copy, sizeof(copy)};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &memory, sizeof(int));
    return sendmsg(socket, &message, MSG_NOSIGNAL) == (ssize_t)sizeof(copy);
}

/* Starts the program with `socket` as its descriptor CHILD_SOCKET, and sets its number. */
static bool spawn(struct bauta_detector_process *d, int socket)
{
    posix_spawn_file_actions_t actions;
    char number[16], *arguments[] = {d->program, number, NULL};
    snprintf(number, sizeof(number), "%d", CHILD_SOCKET);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    bool started = posix_spawn_file_actions_adddup2(&actions, socket, CHILD_SOCKET) == 0 &&
                   posix_spawn(&d->pid, d->program, &actions, NULL, arguments, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    if (!started)
        d->pid = 0;
    return started;
}

static void unmap(struct bauta_detector_process *d)
{
    if (d->memory)
        munmap(d->memory, d->size);
    d->memory = NULL;
}

/* Fresh memory for each process, so that one that was given up cannot spoil the next one's. */
static int map_memory(struct bauta_detector_process *d)
{
    int memory = memfd_create("bauta-picture", MFD_CLOEXEC);
    if (memory < 0)
        return -1;
    void *mapped = MAP_FAILED;
    if (ftruncate(memory, (off_t)d->size) == 0)
        mapped = mmap(NULL, d->size, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (mapped == MAP_FAILED) {
        close(memory);
        return -1;
    }
    d->memory = mapped;
    return memory;
}

static void start(struct bauta_detector_process *d)
{
    int sockets[2], memory = map_memory(d);
    d->started_s = bt_watch_now();
    if (memory < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0) {
        if (memory >= 0)
            close(memory);
        unmap(d);
        return;
    }
    bool started = send_hello(sockets[0], &d->hello, memory) && spawn(d, sockets[1]);
    close(memory);
    close(sockets[1]);
    if (started) {
        d->socket = sockets[0];
        d->n_starts++;
        return;
    }
    close(sockets[0]);
    unmap(d);
    bt_log(d->log, BAUTA_LOG_ERROR, "%s: the detector's process cannot be started", d->program);
}

/* Ends the process, whatever it does. */
static void end(struct bauta_detector_process *d, const char *why)
{
    if (d->pid == 0)
        return;
    if (why)
        bt_log(d->log, BAUTA_LOG_WARNING, "the detector's process %d %s", (int)d->pid, why);
    kill(d->pid, SIGKILL);
    while (waitpid(d->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    close(d->socket);
    unmap(d);
    d->pid = 0;
    d->loaded = false;
    d->lost = d->lost || (d->asked && !d->answered);
    double now_s = bt_watch_now();
    d->pause_s = now_s - d->started_s > good_s ? first_pause_s : 2 * d->pause_s;
    if (d->pause_s > longest_pause_s)
        d->pause_s = longest_pause_s;
    d->started_s = now_s;
}

static void take_answer(struct bauta_detector_process *d, struct bt_detector_answer *answer)
{
    switch (answer->kind) {
    case BT_DETECTOR_READY:
        d->loaded = true;
        return;
    case BT_DETECTOR_SAID:
        answer->said.sentence[BT_DETECTOR_SENTENCE - 1] = '\0';
        bt_log(d->log, answer->said.level == BAUTA_LOG_ERROR ? BAUTA_LOG_ERROR : BAUTA_LOG_INFO,
               "%s", answer->said.sentence);
        return;
    case BT_DETECTOR_FOUND:
        if (!d->asked || answer->found.number != d->number)
            return;
        d->lost = answer->found.status != BAUTA_OK;
        d->answered = !d->lost;
        d->sights = answer->found.sights;
        return;
    default:
        return;
    }
}

/* Takes all that the process has said by now, and notices if it is gone or takes too long. */
static void attend(struct bauta_detector_process *d)
{
    struct bt_detector_answer answer;
    for (int i = 0; d->pid && i < MOST_WORDS; i++) {
        ssize_t n = recv(d->socket, &answer, sizeof(answer), MSG_DONTWAIT);
        if (n == (ssize_t)sizeof(answer)) {
            take_answer(d, &answer);
            continue;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        end(d, "has ended");
    }
    double now_s = bt_watch_now();
    bool works = d->asked && !d->answered && !d->lost;
    if (d->pid && works && now_s - d->asked_s > d->patience_s)
        end(d, "takes too long and is ended");
    else if (d->pid && !d->loaded && now_s - d->started_s > longest_pause_s + d->patience_s)
        end(d, "does not load its models and is ended");
    else if (!d->pid && now_s - d->started_s >= d->pause_s)
        start(d);
}

enum bauta_status bauta_detector_process_new(struct bauta_detector_process **detector,
                                             const struct bauta_detector_process_settings *settings)
{
    if (!detector)
        return BAUTA_ERR_ARGUMENT;
    *detector = NULL;
    if (!settings || settings->width < BT_MIN_SIDE || settings->height < BT_MIN_SIDE ||
        settings->width > BT_MAX_SIDE || settings->height > BT_MAX_SIDE || settings->width % 2 ||
        settings->height % 2 || settings->patience_ms <= 0 ||
        !bauta_view_is_sound(&settings->find.view))
        return BAUTA_ERR_ARGUMENT;
    struct bauta_detector_process *d = calloc(1, sizeof(*d));
    if (!d)
        return BAUTA_ERR_MEMORY;
    d->log = settings->log;
    d->patience_s = (double)settings->patience_ms * 1e-3;
    d->pause_s = first_pause_s;
    d->size = (size_t)settings->width * (size_t)settings->height * 3 / 2;
    enum bauta_status status = make_hello(&d->hello, settings) ? BAUTA_OK : BAUTA_ERR_ARGUMENT;
    if (!status)
        status = find_program(d, settings->program);
    if (status)
        bauta_detector_process_free(&d);
    else
        start(d);
    *detector = d;
    return status;
}

void bauta_detector_process_free(struct bauta_detector_process **detector)
{
    if (!detector || !*detector)
        return;
    end(*detector, NULL);
    free(*detector);
    *detector = NULL;
}

bool bauta_detector_process_ready(struct bauta_detector_process *d)
{
    attend(d);
    return d->pid && d->loaded && !d->asked;
}

enum bauta_status bauta_detector_process_set_view(struct bauta_detector_process *d,
                                                  const struct bauta_view *view)
{
    if (!d || !bauta_view_is_sound(view))
        return BAUTA_ERR_ARGUMENT;
    d->hello.view = *view;
    return BAUTA_OK;
}

/* Waits until the process says something, or a moment. */
static void wait_for_word(const struct bauta_detector_process *d, double until_s)
{
    enum { MOMENT_MS = 50 };
    double left_ms = (until_s - bt_watch_now()) * 1e3;
    struct pollfd word = {d->pid ? d->socket : -1, POLLIN, 0};
    poll(&word, 1, left_ms < 0 ? 0 : left_ms < MOMENT_MS ? (int)left_ms + 1 : MOMENT_MS);
}

bool bauta_detector_process_wait_ready(struct bauta_detector_process *d, int timeout_ms)
{
    double until_s = bt_watch_now() + timeout_ms * 1e-3;
    while (!bauta_detector_process_ready(d)) {
        if (d->asked || bt_watch_now() >= until_s)
            return false;
        wait_for_word(d, until_s);
    }
    return true;
}

enum bauta_status bauta_detector_process_give(struct bauta_detector_process *d,
                                              const struct bauta_picture *picture, int64_t pts)
{
    if (bt_picture_check(picture) || picture->width != d->hello.width ||
        picture->height != d->hello.height)
        return BAUTA_ERR_ARGUMENT;
    if (!bauta_detector_process_ready(d))
        return BAUTA_ERR_LIMIT;
    struct bauta_picture shared = bt_detector_picture(d->memory, d->hello.width, d->hello.height);
    bt_picture_copy(&shared, picture);
    struct bt_detector_question question = {++d->number, d->hello.view};
    d->asked = true;
    d->answered = d->lost = false;
    d->pts = pts;
    d->asked_s = bt_watch_now();
    if (send(d->socket, &question, sizeof(question), MSG_NOSIGNAL | MSG_DONTWAIT) !=
        (ssize_t)sizeof(question))
        end(d, "does not listen and is ended");
    return BAUTA_OK;
}

enum bauta_status bauta_detector_process_take(struct bauta_detector_process *d,
                                              struct bauta_sights *sights, int64_t *pts,
                                              int timeout_ms)
{
    double until_s = bt_watch_now() + (timeout_ms < 0 ? d->patience_s + 1 : timeout_ms * 1e-3);
    sights->n_items = 0;
    for (attend(d); d->asked && !d->answered && !d->lost; attend(d)) {
        if (bt_watch_now() >= until_s)
            return BAUTA_ERR_NOT_FOUND;
        wait_for_word(d, until_s);
    }
    if (!d->asked)
        return BAUTA_ERR_NOT_FOUND;
    *pts = d->pts;
    bool answered = d->answered;
    if (answered)
        *sights = d->sights;
    d->asked = d->answered = d->lost = false;
    return answered ? BAUTA_OK : BAUTA_ERR_DETECTOR;
}

int bauta_detector_process_id(const struct bauta_detector_process *d)
{
    return (int)d->pid;
}

uint64_t bauta_detector_process_restarts(const struct bauta_detector_process *d)
{
    return d->n_starts > 0 ? d->n_starts - 1 : 0;
}
