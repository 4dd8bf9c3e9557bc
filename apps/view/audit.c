/* SPDX-License-Identifier: Apache-2.0 */
#include "audit.h"

#include <stdio.h>

#include "answer.h"

/* One row on its way; another writer may hold the log for seconds, so a thread waits. */
struct job {
    SoupServerMessage *message;
    char *path;
    struct audit_request request;
    guint64 sequence; /* 0: not written */
    char *problem;
};

static void hear(void *user, enum bauta_log_level level, const char *sentence)
{
    struct job *job = user;
    fprintf(stderr, "bauta-view: %s\n", sentence);
    if (level == BAUTA_LOG_ERROR && !job->problem)
        job->problem = g_strdup(sentence);
}

static void write_row(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    (void)source;
    (void)cancellable;
    struct job *job = data;
    const struct audit_request *r = &job->request;
    const struct bauta_log log = {hear, job};
    char who[512];
    bauta_audit_who(who);
    char *what = g_strconcat(r->recording, *r->what ? ": " : "", r->what, NULL);
    const struct bauta_audit_row row = {.utc_ms = (uint64_t)(g_get_real_time() / 1000),
                                        .who = who,
                                        .key = r->key,
                                        .action = "view",
                                        .outcome = r->outcome,
                                        .what = what,
                                        .stream = r->stream,
                                        .why = r->why,
                                        .case_ = r->case_,
                                        .grant = r->grant,
                                        .approved = r->approved};
    struct bauta_audit *audit = NULL;
    enum bauta_status status = bauta_audit_open(&audit, job->path, &log);
    if (!status)
        status = bauta_audit_append(audit, &row);
    if (!status)
        job->sequence = bauta_audit_last(audit);
    bauta_audit_free(&audit);
    g_free(what);
    g_task_return_boolean(task, TRUE);
}

static void answer(GObject *source, GAsyncResult *result, gpointer data)
{
    (void)source;
    (void)result;
    struct job *job = data;
    if (job->sequence)
        answer_json(job->message, SOUP_STATUS_CREATED,
                    g_strdup_printf("{\"row\":%" G_GUINT64_FORMAT "}", job->sequence));
    else
        answer_problem(job->message, SOUP_STATUS_INTERNAL_SERVER_ERROR,
                       "nothing is shown that cannot be written into the audit log%s%s",
                       job->problem ? ": " : "", job->problem ? job->problem : "");
    soup_server_message_unpause(job->message);
    g_object_unref(job->message);
    audit_request_clear(&job->request);
    g_free(job->path);
    g_free(job->problem);
    g_free(job);
}

void audit_write(SoupServerMessage *message, const char *path, struct audit_request *request)
{
    struct job *job = g_new0(struct job, 1);
    *job =
        (struct job){.message = g_object_ref(message), .path = g_strdup(path), .request = *request};
    soup_server_message_pause(message);
    GTask *task = g_task_new(NULL, NULL, answer, job);
    g_task_set_task_data(task, job, NULL);
    g_task_run_in_thread(task, write_row);
    g_object_unref(task);
}
