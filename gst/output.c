/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <bauta/setting.h>

#include "choices.h"
#include "element_log.h"
#include "options.h"

G_DEFINE_TYPE(BautaProtectPad, bauta_protect_pad, GST_TYPE_PAD)

static const struct option options[] = {
    {"recovery", OPTION_CHOICE, offsetof(struct output_options, recovery), 0, 0, RECOVERY_LOSSY,
     "How originals are kept in this stream (of src: the element's property)", choices_recovery},
    {"recovery-qp", OPTION_WHOLE_SETTING, offsetof(struct output_options, recovery_qp),
     BAUTA_SETTING_RECOVERY_QP, BAUTA_UNIT_NONE, 0,
     "Quantiser of the kept originals, less is better (of src: the element's property)", NULL},
};
enum { PROPERTY_STATS = G_N_ELEMENTS(options) + 1 };

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    BautaProtectPad *output = BAUTA_PROTECT_PAD(object);
    if (id < 1 || id > G_N_ELEMENTS(options)) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    GST_OBJECT_LOCK(output);
    options_set(&output->options, &options[id - 1], value);
    GST_OBJECT_UNLOCK(output);
}

static GstStructure *stats(BautaProtectPad *output)
{
    struct session_counts counts;
    session_tell(output->session, &counts);
    GST_OBJECT_LOCK(output);
    uint64_t n_pictures = output->n_pictures;
    GST_OBJECT_UNLOCK(output);
    return gst_structure_new("bauta-output", "pictures-out", G_TYPE_UINT64, n_pictures,
                             "access-units", G_TYPE_UINT64, counts.n_access_units, "stream-bytes",
                             G_TYPE_UINT64, counts.stream_bytes, "recovery-bytes", G_TYPE_UINT64,
                             counts.recovery_bytes, NULL);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    BautaProtectPad *output = BAUTA_PROTECT_PAD(object);
    if (id == PROPERTY_STATS) {
        g_value_take_boxed(value, stats(output));
        return;
    }
    if (id < 1 || id > G_N_ELEMENTS(options)) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    GST_OBJECT_LOCK(output);
    options_get(&output->options, &options[id - 1], value);
    GST_OBJECT_UNLOCK(output);
}

static void finalize(GObject *object)
{
    BautaProtectPad *output = BAUTA_PROTECT_PAD(object);
    output_reset(output);
    session_unref(&output->session);
    G_OBJECT_CLASS(bauta_protect_pad_parent_class)->finalize(object);
}

static void bauta_protect_pad_class_init(BautaProtectPadClass *class_)
{
    GObjectClass *object = G_OBJECT_CLASS(class_);
    object->set_property = set_property;
    object->get_property = get_property;
    object->finalize = finalize;
    options_install(object, options, G_N_ELEMENTS(options));
    g_object_class_install_property(
        object, PROPERTY_STATS,
        g_param_spec_boxed("stats", "stats",
                           "Counts: pictures-out, access-units, stream-bytes, "
                           "recovery-bytes",
                           GST_TYPE_STRUCTURE,
                           (GParamFlags)(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

static void bauta_protect_pad_init(BautaProtectPad *output)
{
    options_init(&output->options, options, G_N_ELEMENTS(options));
    output->session = session_new();
}

bool output_check(BautaProtectPad *output, GstElement *element)
{
    GST_OBJECT_LOCK(output);
    char *problem = options_problem(&output->options, options, G_N_ELEMENTS(options));
    GST_OBJECT_UNLOCK(output);
    if (problem)
        GST_ELEMENT_ERROR(element, RESOURCE, SETTINGS, ("%s::%s", GST_OBJECT_NAME(output), problem),
                          (NULL));
    g_free(problem);
    return problem == NULL;
}

void output_reset(BautaProtectPad *output)
{
    output->negotiated = false;
    if (output->pool)
        gst_buffer_pool_set_active(output->pool, FALSE);
    gst_clear_object(&output->pool);
    g_clear_pointer(&output->scaler, gst_video_converter_free);
}

GstBufferPool *output_new_pool(const GstVideoInfo *info, GstCaps *caps)
{
    GstBufferPool *pool = gst_video_buffer_pool_new();
    GstStructure *config = gst_buffer_pool_get_config(pool);
    gst_buffer_pool_config_set_params(config, caps, (guint)GST_VIDEO_INFO_SIZE(info), 0, 0);
    if (gst_buffer_pool_set_config(pool, config) && gst_buffer_pool_set_active(pool, TRUE))
        return pool;
    gst_object_unref(pool);
    return NULL;
}

GstBuffer *output_new_picture(BautaProtectPad *output)
{
    GstBuffer *buffer = NULL;
    if (output->pool)
        gst_buffer_pool_acquire_buffer(output->pool, &buffer, NULL);
    return buffer;
}
