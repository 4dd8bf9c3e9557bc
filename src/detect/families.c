/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "detect/family.h"

const struct bt_family *const bt_families[] = {&bt_family_yunet,      &bt_family_blazeface,
                                               &bt_family_centerface, &bt_family_faceboxes,
                                               &bt_family_nanodet,    &bt_family_nanodet_plus,
                                               &bt_family_scrfd,      &bt_family_yolox,
                                               &bt_family_yolov8,     NULL};

const struct bt_family *bt_family_of(const struct bt_tensor *outputs, int n_outputs, int width,
                                     int height, enum bauta_class class_, const char *name)
{
    for (const struct bt_family *const *f = bt_families; *f; f++)
        if (((*f)->classes & 1u << class_) && (!name || strcmp(name, (*f)->name) == 0) &&
            (*f)->fits(outputs, n_outputs, width, height))
            return *f;
    return NULL;
}

void bt_family_names(char *text, size_t size, enum bauta_class class_)
{
    size_t length = 0;
    text[0] = '\0';
    for (const struct bt_family *const *f = bt_families; *f && length < size; f++)
        if ((*f)->classes & 1u << class_)
            length += (size_t)snprintf(text + length, size - length, "%s%s", length ? ", " : "",
                                       (*f)->name);
}

int64_t bt_output_depth(const struct bt_tensor *t)
{
    return t->n_sides > 0 ? t->sides[t->n_sides - 1] : 0;
}

int64_t bt_output_rows(const struct bt_tensor *t)
{
    int64_t rows = t->n_sides > 0 ? 1 : 0;
    for (int i = 0; i + 1 < t->n_sides; i++)
        rows *= t->sides[i];
    return rows;
}

const struct bt_tensor *bt_output_find(const struct bt_tensor *outputs, int n_outputs, int64_t rows,
                                       int64_t depth)
{
    for (int i = 0; i < n_outputs; i++)
        if (bt_output_rows(&outputs[i]) == rows && bt_output_depth(&outputs[i]) == depth)
            return &outputs[i];
    return NULL;
}

const struct bt_tensor *bt_output_named(const struct bt_tensor *outputs, int n_outputs,
                                        const char *name)
{
    for (int i = 0; i < n_outputs; i++)
        if (strcmp(outputs[i].name, name) == 0)
            return &outputs[i];
    return NULL;
}
