/* SPDX-License-Identifier: Apache-2.0 */
#include "regions.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "say.h"

struct regions {
    FILE *file;
    char *path, *line;
    size_t line_size;
    unsigned long long n_lines;
    json_t *next; /* the line that was read ahead, NULL at the end */
    uint64_t next_picture;
    bool begun;
};

static enum bauta_status fail(const struct regions *r, const char *what)
{
    cli_say("%s: line %llu: %s", r->path, r->n_lines, what);
    return BAUTA_ERR_FORMAT;
}

/* Reads the next line that holds anything. */
static enum bauta_status read_ahead(struct regions *r)
{
    json_decref(r->next);
    r->next = NULL;
    ssize_t size;
    do {
        size = getline(&r->line, &r->line_size, r->file);
        r->n_lines++;
    } while (size > 0 && strspn(r->line, " \t\r\n") == (size_t)size);
    if (size <= 0)
        return ferror(r->file) ? fail(r, strerror(errno)) : BAUTA_OK;
    json_error_t error;
    r->next = json_loads(r->line, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(r->next))
        return fail(r, r->next ? "not a JSON object" : error.text);
    const json_t *picture = json_object_get(r->next, "picture");
    if (!json_is_integer(picture) || json_integer_value(picture) < 0)
        return fail(r, "\"picture\" must be a number from 0");
    uint64_t number = (uint64_t)json_integer_value(picture);
    if (r->begun && number <= r->next_picture)
        return fail(r, "\"picture\" must rise from line to line");
    r->next_picture = number;
    r->begun = true;
    return BAUTA_OK;
}

static bool read_number(const json_t *object, const char *name, double least, double most,
                        double *value)
{
    const json_t *number = json_object_get(object, name);
    *value = json_number_value(number);
    return json_is_number(number) && *value >= least && *value <= most;
}

/* Of the pictures that the next line is of; 0 if it does not tell. */
static enum bauta_status read_size(const struct regions *r, double *width, double *height)
{
    *width = *height = 0;
    if (!json_object_get(r->next, "width") && !json_object_get(r->next, "height"))
        return BAUTA_OK;
    return read_number(r->next, "width", 1, 16384, width) &&
                   read_number(r->next, "height", 1, 16384, height)
               ? BAUTA_OK
               : fail(r, "\"width\" and \"height\" must be the picture's size in pixels");
}

struct regions *regions_open(const char *path)
{
    struct regions *r = calloc(1, sizeof(*r));
    if (!r)
        return NULL;
    r->path = strdup(path);
    r->file = fopen(path, "r");
    if (!r->file)
        cli_say("%s: %s", path, strerror(errno));
    if (!r->path || !r->file || read_ahead(r))
        regions_close(&r);
    return r;
}

static bool read_class(const json_t *object, enum bauta_class *class_)
{
    const char *name = json_string_value(json_object_get(object, "class"));
    for (int i = BAUTA_CLASS_FACE; name && i <= BAUTA_CLASS_BODY; i++)
        if (strcmp(name, bauta_class_name((enum bauta_class)i)) == 0) {
            *class_ = (enum bauta_class)i;
            return true;
        }
    return false;
}

static enum bauta_status read_region(const struct regions *r, const json_t *object,
                                     struct bauta_region *region)
{
    double target, x, y, w, h;
    *region = (struct bauta_region){.source = BAUTA_SOURCE_GIVEN};
    if (!read_number(object, "target", 0, UINT32_MAX, &target) || target != floor(target))
        return fail(r, "\"target\" must be a whole number from 0");
    if (!read_class(object, &region->class_))
        return fail(r, "\"class\" must be \"face\", \"head\" or \"body\"");
    if (target >= BAUTA_TARGET_AREA && region->class_ != BAUTA_CLASS_BODY)
        return fail(r, "an area, \"target\" from 4294967040 on, is of \"class\" \"body\"");
    if (!read_number(object, "x", -1e5, 1e5, &x) || !read_number(object, "y", -1e5, 1e5, &y) ||
        !read_number(object, "w", 1e-3, 1e5, &w) || !read_number(object, "h", 1e-3, 1e5, &h))
        return fail(r, "\"x\", \"y\", \"w\" and \"h\" must be numbers of pixels");
    region->target = (uint32_t)target;
    region->rect = (struct bauta_rect){(int)floor(x), (int)floor(y), (int)(ceil(x + w) - floor(x)),
                                       (int)(ceil(y + h) - floor(y))};
    return BAUTA_OK;
}

static enum bauta_status read_regions(const struct regions *r, struct bauta_region *out, int *n_out)
{
    const json_t *list = json_object_get(r->next, "regions");
    if (!json_is_array(list))
        return fail(r, "\"regions\" must be a list");
    size_t n = json_array_size(list);
    for (size_t i = 0; i < n; i++) {
        struct bauta_region region; /* also those that find no room must make sense */
        enum bauta_status status = read_region(r, json_array_get(list, i), &region);
        if (status)
            return status;
        if (i < BAUTA_MAX_REGIONS)
            out[i] = region;
    }
    *n_out = n > BAUTA_MAX_REGIONS ? BAUTA_MAX_REGIONS + 1 : (int)n;
    return BAUTA_OK;
}

/* Whether the next line is of a picture of this size (0: of any), or does not tell. */
static enum bauta_status check_size(const struct regions *r, int width, int height)
{
    double w, h;
    enum bauta_status status = read_size(r, &w, &h);
    if (status || w <= 0 || width == 0 || ((int)w == width && (int)h == height))
        return status;
    cli_say("%s: tells of pictures of %.0fx%.0f, and these are %dx%d: line %llu", r->path, w, h,
            width, height, r->n_lines);
    return BAUTA_ERR_FORMAT;
}

enum bauta_status regions_of(struct regions *r, struct bauta_region *out, int *n_out,
                             uint64_t picture, int width, int height)
{
    *n_out = BAUTA_REGIONS_UNKNOWN;
    if (!r->next || r->next_picture > picture)
        return BAUTA_OK;
    enum bauta_status status = check_size(r, width, height);
    if (!status)
        status = read_regions(r, out, n_out);
    return status ? status : read_ahead(r);
}

void regions_warn_rest(struct regions *r, const char *of)
{
    uint64_t first = r->next_picture, last = first, n = 0;
    enum bauta_status status = BAUTA_OK;
    for (; r->next && !status; n++) {
        last = r->next_picture;
        status = read_ahead(r);
    }
    if (n)
        cli_warn("%s: %llu lines are of pictures that %s does not have: numbers %llu to %llu",
                 r->path, (unsigned long long)n, of, (unsigned long long)first,
                 (unsigned long long)last);
}

const char *regions_path(const struct regions *r)
{
    return r->path;
}

bool regions_next(const struct regions *r, uint64_t *picture)
{
    *picture = r->next_picture;
    return r->next != NULL;
}

bool regions_size(const struct regions *r, int *width, int *height)
{
    double w, h;
    if (!r->next || !read_number(r->next, "width", 1, 16384, &w) ||
        !read_number(r->next, "height", 1, 16384, &h))
        return fail(r, "does not tell the picture's \"width\" and \"height\""), false;
    *width = (int)w;
    *height = (int)h;
    return true;
}

struct bauta_view regions_view(const struct regions *r)
{
    struct bauta_view view = {.turn = 0};
    double number;
    const json_t *pixel = r->next ? json_object_get(r->next, "pixel") : NULL;
    if (r->next && json_object_get(r->next, "turn") &&
        read_number(r->next, "turn", 0, 270, &number))
        view.turn = (int)number;
    view.mirrored = r->next && json_is_true(json_object_get(r->next, "mirrored"));
    view.pixel_width = (int)json_integer_value(json_array_get(pixel, 0));
    view.pixel_height = (int)json_integer_value(json_array_get(pixel, 1));
    return bauta_view_is_sound(&view) ? view : (struct bauta_view){.turn = 0};
}

void regions_close(struct regions **regions)
{
    struct regions *r = *regions;
    if (!r)
        return;
    json_decref(r->next);
    if (r->file)
        fclose(r->file);
    free(r->path);
    free(r->line);
    free(r);
    *regions = NULL;
}
