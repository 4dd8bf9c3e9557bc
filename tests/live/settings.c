/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings              prints the library's table of settings, one a line:
 *                           NUMBER NAME UNIT LEAST MOST WHOLE, UNIT 0: none, 1: seconds
 * settings NAME TEXT    sets a property of bautaprotect; exit status 2 if it does not become that
 * settings NUMBER VALUE gives it to the library, in its own unit; exit status 2 if that refuses it
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
        printf("%d %s %d %.10g %.10g %d\n", i, s->name, (int)s->unit, s->least, s->most, s->whole);
    }
}

static int set_property(const char *name, const char *text)
{
    GstElement *element = gst_element_factory_make("bautaprotect", NULL);
    GParamSpec *spec =
        element ? g_object_class_find_property(G_OBJECT_GET_CLASS(element), name) : NULL;
    if (!spec)
        return 1;
    const double wanted = g_ascii_strtod(text, NULL);
    GValue value = G_VALUE_INIT, number = G_VALUE_INIT;
    gst_util_set_object_arg(G_OBJECT(element), name, text);
    g_value_init(&value, spec->value_type);
    g_value_init(&number, G_TYPE_DOUBLE);
    g_object_get_property(G_OBJECT(element), name, &value);
    g_value_transform(&value, &number);
    const double is = g_value_get_double(&number);
    gst_object_unref(element);
    return is > wanted - 1e-9 && is < wanted + 1e-9 ? 0 : 2;
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
    else if (argc == 3 && g_ascii_isdigit(*argv[1]))
        return ask_library(atoi(argv[1]), g_ascii_strtod(argv[2], NULL));
    else if (argc == 3)
        return set_property(argv[1], argv[2]);
    return 0;
}
