/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

struct report {
    FILE *file;
    struct bauta_work_file *made; /* NULL: standard output */
    char path[4096];
    int n_part;    /* of the file that the pictures are in, */
    double part_s; /* and when it starts; told unless it is the first one, from 0 */
};

static bool fail(const struct report *r)
{
    cli_say("%s: %s", r->path, strerror(errno));
    return false;
}

/* The stream is closed apart from the work file. */
static FILE *open_stream(struct report *r, const struct bauta_work_file_settings *settings)
{
    if (bauta_work_file_open(&r->made, r->path, settings))
        return NULL;
    int copy = dup(bauta_work_file_descriptor(r->made));
    FILE *file = copy < 0 ? NULL : fdopen(copy, "w");
    if (!file)
        fail(r);
    if (!file && copy >= 0)
        close(copy);
    return file;
}

struct report *report_open(const char *path, const struct bauta_work_file_settings *settings)
{
    struct report *r = calloc(1, sizeof(*r));
    if (!r)
        return NULL;
    snprintf(r->path, sizeof(r->path), "%s", path);
    r->file = strcmp(path, "-") == 0 ? stdout : open_stream(r, settings);
    if (r->file)
        return r;
    bauta_work_file_free(&r->made);
    free(r);
    return NULL;
}

void report_print_picture(FILE *to, uint64_t picture, double pts_s)
{
    fprintf(to, "{\"picture\":%llu,\"pts\":%.6f", (unsigned long long)picture, pts_s);
}

void report_print_size(FILE *to, int width, int height)
{
    fprintf(to, ",\"width\":%d,\"height\":%d", width, height);
}

void report_print_view(FILE *to, const struct bauta_view *view)
{
    if (view->turn)
        fprintf(to, ",\"turn\":%d", view->turn);
    if (view->mirrored)
        fprintf(to, ",\"mirrored\":true");
    if (view->pixel_width != view->pixel_height)
        fprintf(to, ",\"pixel\":[%d,%d]", view->pixel_width, view->pixel_height);
}

void report_print_regions(FILE *to, const struct bauta_region *regions, int n_regions)
{
    fprintf(to, ",\"regions\":[");
    for (int i = 0; i < n_regions; i++) {
        const struct bauta_region *r = &regions[i];
        fprintf(to,
                "%s{\"target\":%lu,\"class\":\"%s\",\"x\":%d,\"y\":%d,\"w\":%d,\"h\":%d,"
                "\"block\":%d,\"source\":\"%s\"}",
                i ? "," : "", (unsigned long)r->target, bauta_class_name(r->class_), r->rect.x,
                r->rect.y, r->rect.w, r->rect.h, r->block, bauta_source_name(r->source));
    }
    fprintf(to, "]}\n");
}

enum bauta_status report_write(struct report *r, uint64_t picture, double pts_s,
                               const struct bauta_mask_report *what)
{
    report_print_picture(r->file, picture, pts_s);
    if (r->n_part > 1 || fabs(r->part_s) > 0)
        fprintf(r->file, ",\"part\":%d,\"part_pts\":%.6f", r->n_part, pts_s - r->part_s);
    report_print_size(r->file, what->width, what->height);
    fputs(what->blind ? ",\"blind\":true" : "", r->file);
    report_print_view(r->file, &what->view);
    if (what->whole)
        fprintf(r->file, ",\"whole\":\"%s\"", bauta_whole_name(what->whole));
    report_print_regions(r->file, what->regions, what->n_regions);
    if (!ferror(r->file))
        return BAUTA_OK;
    fail(r);
    return BAUTA_ERR_IO;
}

void report_part(struct report *r, int number, double start_s)
{
    r->n_part = number;
    r->part_s = start_s;
}

bool report_finish(struct report *r)
{
    if (fflush(r->file) != 0 || ferror(r->file))
        return fail(r);
    return !r->made || bauta_work_file_finish(r->made) == BAUTA_OK;
}

void report_close(struct report **report)
{
    struct report *r = *report;
    if (!r)
        return;
    if (r->made)
        fclose(r->file);
    bauta_work_file_free(&r->made);
    free(r);
    *report = NULL;
}
