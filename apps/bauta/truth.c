/* SPDX-License-Identifier: Apache-2.0 */
#include "truth.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

static int count_commas(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += *text == ',';
    return n;
}

/* Whether the row is of a person who counts, by what follows the box. */
static bool counts(const char *rest, bool has_names)
{
    double confidence;
    long class_;
    int n_columns = count_commas(rest);
    if (has_names) /* class, visibility */
        return n_columns < 1 || strncmp(rest, ",person", strlen(",person")) == 0;
    if (sscanf(rest, ",%lf", &confidence) == 1 && confidence == 0)
        return false;
    /* confidence, class, visibility since 2016; before, a place in the world */
    return n_columns != 3 || sscanf(rest, ",%lf,%ld", &confidence, &class_) != 2 || class_ == 1;
}

static bool add(struct truth *truth, const struct truth_box *box)
{
    int n = truth->n_boxes;
    if ((n & (n - 1)) == 0) { /* a power of two: full */
        struct truth_box *grown =
            realloc(truth->boxes, (n ? 2 * (size_t)n : 1) * sizeof(*truth->boxes));
        if (!grown)
            return false;
        truth->boxes = grown;
    }
    truth->boxes[truth->n_boxes++] = *box;
    return true;
}

/* 1: a row that counts, 0: one that does not, -1: not a row. */
static int parse(struct truth_box *box, const char *line, bool has_names)
{
    double frame, id;
    int length = 0;
    if (sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf%n", &frame, &id, &box->x, &box->y, &box->w, &box->h,
               &length) != 6 ||
        !(frame >= 1 && frame <= 1e9) || !(fabs(id) <= 1e9) || !(box->w > 0 && box->w <= 1e5) ||
        !(box->h > 0 && box->h <= 1e5) || !(fabs(box->x) <= 1e5 && fabs(box->y) <= 1e5))
        return -1;
    box->picture = (unsigned long)frame - 1;
    box->id = (long)id;
    if (!has_names) { /* the challenge counts pixels from 1 */
        box->x--;
        box->y--;
    }
    return counts(line + length, has_names);
}

static int compare(const void *left, const void *right)
{
    const struct truth_box *a = left, *b = right;
    if (a->picture != b->picture)
        return a->picture < b->picture ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static bool read_rows(struct truth *truth, FILE *file, const char *path)
{
    char line[512];
    bool has_names = false;
    for (unsigned long n = 1; fgets(line, sizeof(line), file); n++) {
        struct truth_box box;
        bool blank = strspn(line, " \t\r\n") == strlen(line);
        bool names = n == 1 && isalpha((unsigned char)line[0]);
        has_names |= names;
        if (blank || names)
            continue;
        int kind = parse(&box, line, has_names);
        if (kind < 0) {
            cli_say("%s: line %lu: not frame,id,x,y,w,h", path, n);
            return false;
        }
        if (kind > 0 && !add(truth, &box)) {
            cli_say("%s: out of memory", path);
            return false;
        }
    }
    if (ferror(file))
        cli_say("%s: %s", path, strerror(errno));
    else if (truth->n_boxes == 0)
        cli_say("%s: holds no person", path);
    return !ferror(file) && truth->n_boxes > 0;
}

bool truth_read(struct truth *truth, const char *path)
{
    *truth = (struct truth){NULL, 0};
    FILE *file = fopen(path, "r");
    if (!file) {
        cli_say("%s: %s", path, strerror(errno));
        return false;
    }
    bool sound = read_rows(truth, file, path);
    fclose(file);
    if (sound)
        qsort(truth->boxes, (size_t)truth->n_boxes, sizeof(*truth->boxes), compare);
    else
        truth_clear(truth);
    return sound;
}

void truth_clear(struct truth *truth)
{
    free(truth->boxes);
    *truth = (struct truth){NULL, 0};
}
