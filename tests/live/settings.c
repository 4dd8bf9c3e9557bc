/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings              prints the library's table of settings, one a line:
 *                           NUMBER NAME UNIT LEAST MOST STANDARD LIVE WHOLE, UNIT 0: none, 1:
 * seconds settings properties   prints bautaprotect's properties that are numbers: NAME DEFAULT
 * BLURB settings NAME TEXT    sets a property of bautaprotect and starts that; prints what it
 * posts. Exit status 2 if it does not start, 1 if it starts with another number settings sub TEXT
 * the same of recovery-qp of a sub pad settings NUMBER VALUE gives it to the library, in its own
 * unit; exit status 2 if that refuses it
 */
#include <bauta/protector.h>
#include <bauta/setting.h>
#include <gst/gst.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_table(void)
{
    for (int i = 0; i < BAUTA_N_SETTINGS; i++) {
        const struct bauta_setting *s = bauta_setting_get((enum bauta_setting_id)i);
        printf("%d %s %d %.10g %.10g %.10g %.10g %d\n", i, s->name, (int)s->unit, s->least, s->most,
               s->standard, s->live, s->whole);
    }
}

/* What the element is told to be, whichever type the property has. */
static double number_of(GObject *object, const char *name, GType type)
{
    GValue value = G_VALUE_INIT, number = G_VALUE_INIT;
    g_value_init(&value, type);
    g_value_init(&number, G_TYPE_DOUBLE);
    g_object_get_property(object, name, &value);
    g_value_transform(&value, &number);
    return g_value_get_double(&number);
}

static void print_properties(void)
{
    guint n;
    GstElement *element = gst_element_factory_make("bautaprotect", NULL);
    if (!element)
        exit(3);
    GParamSpec **specs = g_object_class_list_properties(G_OBJECT_GET_CLASS(element), &n);
    for (guint i = 0; i < n; i++)
        if (specs[i]->value_type == G_TYPE_INT || specs[i]->value_type == G_TYPE_DOUBLE)
            printf("%s %.10g %s\n", specs[i]->name,
                   number_of(G_OBJECT(element), specs[i]->name, specs[i]->value_type),
                   g_param_spec_get_blurb(specs[i]));
    g_free(specs);
    gst_object_unref(element);
}

/* As gst-launch sets it, or as a program does. */
static void set_number(GObject *object, const GParamSpec *spec, const char *text, bool by_text)
{
    if (by_text)
        gst_util_set_object_arg(object, spec->name, text);
    else if (spec->value_type == G_TYPE_INT)
        g_object_set(object, spec->name, (int)g_ascii_strtod(text, NULL), NULL);
    else
        g_object_set(object, spec->name, g_ascii_strtod(text, NULL), NULL);
}

static void print_posted(GstBus *bus)
{
    const GstMessageType types = (GstMessageType)(GST_MESSAGE_ERROR | GST_MESSAGE_INFO);
    for (GstMessage *message; (message = gst_bus_pop_filtered(bus, types)) != NULL;) {
        GError *error = NULL;
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
            gst_message_parse_error(message, &error, NULL);
        else
            gst_message_parse_info(message, &error, NULL);
        puts(error->message);
        g_error_free(error);
        gst_message_unref(message);
    }
}

static int try_property(const char *name, const char *text, bool by_text)
{
    GstElement *element = gst_element_factory_make("bautaprotect", NULL);
    GObject *object = element ? G_OBJECT(element) : NULL;
    GstPad *sub = NULL;
    if (element && strcmp(name, "sub") == 0) {
        sub = gst_element_request_pad_simple(element, "sub_%u");
        object = G_OBJECT(sub);
        name = "recovery-qp";
    }
    GParamSpec *spec =
        object ? g_object_class_find_property(G_OBJECT_GET_CLASS(object), name) : NULL;
    if (!spec)
        return 3;
    GstBus *bus = gst_bus_new();
    gst_element_set_bus(element, bus);
    gst_util_set_object_arg(G_OBJECT(element), "recovery", "none");
    set_number(object, spec, text, by_text);
    int result =
        gst_element_set_state(element, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE ? 2 : 0;
    print_posted(bus);
    const double is = number_of(object, name, spec->value_type),
                 wanted = g_ascii_strtod(text, NULL);
    if (result == 0 && (is < wanted - 1e-9 || is > wanted + 1e-9))
        result = 1;
    gst_element_set_state(element, GST_STATE_NULL);
    gst_element_set_bus(element, NULL);
    gst_object_unref(bus);
    gst_clear_object(&sub);
    gst_object_unref(element);
    return result;
}

static int set_property(const char *name, const char *text)
{
    const int by_text = try_property(name, text, true), by_number = try_property(name, text, false);
    return by_text == by_number ? by_text : 3;
}

static void fill(struct bauta_protector_settings *p, enum bauta_setting_id id, double value)
{
    struct bauta_find_settings *find = &p->find;
    switch (id) {
    case BAUTA_SETTING_BLOCKS:
        p->hide.blocks = (int)value;
        return;
    case BAUTA_SETTING_EPSILON:
        p->hide.epsilon = (float)value;
        return;
    case BAUTA_SETTING_FACE_SCORE:
        find->face.score = (float)value;
        return;
    case BAUTA_SETTING_BODY_SCORE:
        find->body.score = (float)value;
        return;
    case BAUTA_SETTING_FACE_PADDING:
        find->face.padding = (float)value;
        return;
    case BAUTA_SETTING_BODY_PADDING:
        find->body.padding = (float)value;
        return;
    case BAUTA_SETTING_HOLD:
        find->hold_us = (int64_t)(value * 1e6);
        return;
    case BAUTA_SETTING_LONGEST_GAP:
        find->longest_gap_us = (int64_t)(value * 1e6);
        return;
    case BAUTA_SETTING_DETECT_EVERY:
        find->detect_every = (int)value;
        return;
    case BAUTA_SETTING_EPOCH:
        p->epoch_us = (int64_t)(value * 1e6);
        return;
    case BAUTA_SETTING_ROTATE:
        p->rotate_us = (int64_t)(value * 1e6);
        return;
    case BAUTA_SETTING_LOOKAHEAD_PICTURES: /* negative: as many as a second has */
    case BAUTA_SETTING_CRF:                /* negative: the codec's */
    case BAUTA_SETTING_CRF_H265:
    case BAUTA_SETTING_CRF_SHOWN:
    case BAUTA_SETTING_RECOVERY_CRF:
    case BAUTA_SETTING_LOOKAHEAD:
    case BAUTA_SETTING_DETECTOR_THREADS:
    case BAUTA_SETTING_RECOVERY_QP:
    case BAUTA_N_SETTINGS:
        exit(3); /* only doors have this range */
    }
}

static int ask_library(int number, double value)
{
    struct bauta_protector_settings p;
    struct bauta_protector *protector;
    bauta_protector_settings_init(&p);
    p.width = p.height = 64;
    p.keep = false;
    p.find.external = true;
    fill(&p, (enum bauta_setting_id)number, value);
    const enum bauta_status status = bauta_protector_new(&protector, &p);
    bauta_protector_free(&protector);
    return status == BAUTA_OK ? 0 : 2;
}

int main(int argc, char **argv)
{
    gst_init(&argc, &argv);
    if (argc == 1)
        print_table();
    else if (argc == 2)
        print_properties();
    else if (argc == 3 && g_ascii_isdigit(*argv[1]))
        return ask_library(atoi(argv[1]), g_ascii_strtod(argv[2], NULL));
    else if (argc == 3)
        return set_property(argv[1], argv[2]);
    return 0;
}
