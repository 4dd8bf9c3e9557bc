/* SPDX-License-Identifier: Apache-2.0 */
#include "session.h"

#include "pairing.h"
#include "element_log.h"

/* A protector, with what it borrows. */
struct run {
    struct bauta_protector *protector;
    struct bauta_object_codec object_codec;
    char *preset; /* of that */
    struct recipients *recipients;
    bool signs, finished, attached;
};

/* A picture that was masked and whose access unit has not come yet. */
struct awaited {
    struct run *run;
    int64_t running_us, pts;
    bool random_access;
};

struct session {
    int n_references; /* atomic */
    GMutex lock;      /* of all that follows */
    GQueue runs;      /* struct run; the last one masks */
    GQueue awaited;   /* struct awaited, in the order of masking */
    struct session_counts counts;
};

/* Runs that are kept at once: an encoder may still hold pictures of the one before. */
enum { RUNS_MOST = 2, AWAITED_MOST = 1024 };

static const char question[] = "bauta-session";

struct session *session_new(void)
{
    struct session *s = g_new0(struct session, 1);
    s->n_references = 1;
    g_mutex_init(&s->lock);
    g_queue_init(&s->runs);
    g_queue_init(&s->awaited);
    return s;
}

struct session *session_ref(struct session *s)
{
    g_atomic_int_inc(&s->n_references);
    return s;
}

static void free_run(gpointer data)
{
    struct run *run = data;
    bauta_protector_free(&run->protector);
    recipients_unref(&run->recipients);
    g_free(run->preset);
    g_free(run);
}

static void forget_oldest_run(struct session *s)
{
    struct run *run = g_queue_pop_head(&s->runs);
    for (GList *at = s->awaited.head, *next; at; at = next) {
        next = at->next;
        if (((struct awaited *)at->data)->run == run) {
            g_free(at->data);
            g_queue_delete_link(&s->awaited, at);
        }
    }
    free_run(run);
}

void session_unref(struct session **session)
{
    struct session *s = *session;
    *session = NULL;
    if (!s || !g_atomic_int_dec_and_test(&s->n_references))
        return;
    while (s->runs.length > 0)
        forget_oldest_run(s);
    g_mutex_clear(&s->lock);
    g_free(s);
}

enum bauta_status session_begin(struct session *s, const struct bauta_protector_settings *settings,
                                const struct bauta_object_codec *object_codec,
                                struct recipients *recipients)
{
    struct bauta_protector_settings own = *settings;
    struct run *run = g_new0(struct run, 1);
    run->object_codec = *object_codec;
    run->object_codec.preset = run->preset = g_strdup(object_codec->preset);
    run->recipients = recipients_ref(recipients);
    own.object_codec = &run->object_codec;
    own.recipients = (const struct bauta_public_key *const *)recipients->keys;
    own.n_recipients = recipients->n_keys;
    own.groups = (const struct bauta_group *const *)recipients->groups;
    own.n_groups = recipients->n_groups;
    own.signing_key = settings->keep ? recipients->signing_key : NULL;
    own.log = &category_log;
    run->signs = own.signing_key != NULL;
    enum bauta_status status = bauta_protector_new(&run->protector, &own);
    if (status) {
        free_run(run);
        return status;
    }
    g_mutex_lock(&s->lock);
    g_queue_push_tail(&s->runs, run);
    while (s->runs.length > RUNS_MOST)
        forget_oldest_run(s);
    g_mutex_unlock(&s->lock);
    return BAUTA_OK;
}

/* The run that masks; NULL: none. */
static struct run *at_work(struct session *s)
{
    struct run *run = g_queue_peek_tail(&s->runs);
    return run && !run->finished ? run : NULL;
}

bool session_has_begun(struct session *s)
{
    g_mutex_lock(&s->lock);
    bool begun = at_work(s) != NULL;
    g_mutex_unlock(&s->lock);
    return begun;
}

void session_finish(struct session *s)
{
    g_mutex_lock(&s->lock);
    struct run *run = at_work(s);
    if (run) {
        bauta_protector_finish(run->protector);
        run->finished = true;
    }
    g_mutex_unlock(&s->lock);
}

void session_forget(struct session *s)
{
    g_mutex_lock(&s->lock);
    while (s->runs.length > 0)
        forget_oldest_run(s);
    g_mutex_unlock(&s->lock);
}

enum bauta_status session_set_view(struct session *s, const struct bauta_view *view)
{
    g_mutex_lock(&s->lock);
    struct run *run = at_work(s);
    enum bauta_status status =
        run ? bauta_protector_set_view(run->protector, view) : BAUTA_ERR_ARGUMENT;
    g_mutex_unlock(&s->lock);
    return status;
}

enum bauta_status session_look(struct session *s, const struct bauta_picture *picture, int64_t pts,
                               const struct bauta_sights *sights, int64_t sights_pts)
{
    g_mutex_lock(&s->lock);
    struct run *run = at_work(s);
    enum bauta_status status =
        run ? bauta_protector_look_with(run->protector, picture, pts, sights, sights_pts)
            : BAUTA_ERR_ARGUMENT;
    g_mutex_unlock(&s->lock);
    return status;
}

/* Notes that the access unit of a masked picture will come. */
static void await(struct session *s, struct run *run, int64_t pts, int64_t running_us,
                  bool random_access)
{
    struct awaited *awaited = g_new(struct awaited, 1);
    *awaited = (struct awaited){run, running_us, pts, random_access};
    g_queue_push_tail(&s->awaited, awaited);
    if (s->awaited.length > AWAITED_MOST)
        g_free(g_queue_pop_head(&s->awaited));
}

enum bauta_status session_mask(struct session *s, struct bauta_mask_report *report,
                               struct bauta_picture *picture, int64_t pts, int64_t running_us)
{
    g_mutex_lock(&s->lock);
    struct run *run = at_work(s);
    enum bauta_status status =
        run ? bauta_protector_mask(run->protector, report, picture, pts) : BAUTA_ERR_ARGUMENT;
    if (!status)
        await(s, run, pts, running_us, report->random_access);
    g_mutex_unlock(&s->lock);
    return status;
}

enum bauta_status session_mask_regions(struct session *s, struct bauta_mask_report *report,
                                       struct bauta_picture *picture, int64_t pts,
                                       int64_t running_us, const struct bauta_region *regions,
                                       int n_regions)
{
    g_mutex_lock(&s->lock);
    struct run *run = at_work(s);
    enum bauta_status status =
        run ? bauta_protector_mask_regions(run->protector, report, picture, pts, regions, n_regions)
            : BAUTA_ERR_ARGUMENT;
    if (!status)
        await(s, run, pts, running_us, report->random_access);
    g_mutex_unlock(&s->lock);
    return status;
}

/* The oldest with exactly this time, else the oldest next to it. */
static GList *find_awaited(const struct session *s, int64_t running_us)
{
    GList *near = NULL;
    for (GList *at = s->awaited.head; at; at = at->next) {
        int64_t off = ((const struct awaited *)at->data)->running_us - running_us;
        if (off == 0)
            return at;
        if (!near && off >= -1 && off <= 1)
            near = at;
    }
    return near;
}

static enum bauta_status attach(struct session *s, GstBuffer **out, struct bauta_bytes au,
                                const struct awaited *awaited, enum bauta_codec codec)
{
    struct run *run = awaited->run;
    struct bauta_bytes unit;
    if (!run->attached)
        bauta_protector_set_codec(run->protector, codec);
    run->attached = true;
    enum bauta_status status = bauta_protector_attach(run->protector, &unit, au, awaited->pts);
    if (status)
        return status;
    *out = gst_buffer_new_allocate(NULL, unit.size, NULL);
    if (!*out)
        return BAUTA_ERR_MEMORY;
    gst_buffer_fill(*out, 0, unit.data, unit.size);
    s->counts.n_access_units++;
    s->counts.stream_bytes += unit.size;
    s->counts.recovery_bytes += unit.size - au.size;
    return BAUTA_OK;
}

enum bauta_status session_attach(struct session *s, GstBuffer **out, GstBuffer *in,
                                 int64_t running_us, enum bauta_codec codec)
{
    GstMapInfo map;
    *out = NULL;
    if (!gst_buffer_map(in, &map, GST_MAP_READ))
        return BAUTA_ERR_MEMORY;
    g_mutex_lock(&s->lock);
    enum bauta_status status = BAUTA_ERR_NOT_FOUND;
    GList *found = find_awaited(s, running_us);
    if (found) {
        struct awaited *awaited = found->data;
        status = attach(s, out, (struct bauta_bytes){map.data, map.size}, awaited, codec);
        if (awaited->random_access && GST_BUFFER_FLAG_IS_SET(in, GST_BUFFER_FLAG_DELTA_UNIT))
            s->counts.n_not_key++;
        g_queue_delete_link(&s->awaited, found);
        g_free(awaited);
    }
    g_mutex_unlock(&s->lock);
    gst_buffer_unmap(in, &map);
    if (*out)
        gst_buffer_copy_into(*out, in,
                             (GstBufferCopyFlags)(GST_BUFFER_COPY_FLAGS |
                                                  GST_BUFFER_COPY_TIMESTAMPS |
                                                  GST_BUFFER_COPY_META),
                             0, (gsize)-1);
    return status;
}

bool session_signs(struct session *s)
{
    g_mutex_lock(&s->lock);
    const struct run *run = g_queue_peek_tail(&s->runs);
    bool signs = run && run->signs;
    g_mutex_unlock(&s->lock);
    return signs;
}

void session_tell(struct session *s, struct session_counts *counts)
{
    g_mutex_lock(&s->lock);
    *counts = s->counts;
    g_mutex_unlock(&s->lock);
}

static gpointer copy_boxed(gpointer session)
{
    return session_ref(session);
}

static void free_boxed(gpointer session)
{
    struct session *s = session;
    session_unref(&s);
}

/* The type of the answer's field, which counts like the session itself. */
static GType boxed_type(void)
{
    static gsize type;
    if (g_once_init_enter(&type))
        g_once_init_leave(&type,
                          g_boxed_type_register_static("BautaSession", copy_boxed, free_boxed));
    return type;
}

struct session *session_ask(GstPad *sink_pad)
{
    return pairing_ask(sink_pad, question, boxed_type());
}

bool session_answer(GstQuery *query, struct session *session)
{
    return pairing_answer(query, question, boxed_type(), session);
}
