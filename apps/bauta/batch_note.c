/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_note.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bauta/work_file.h>

#include "batch.h"

enum { PATH_MOST = 4096 };

static const char heading[] = "bauta: done in part: ";

static bool name(char path[PATH_MOST], const char *output)
{
    return snprintf(path, PATH_MOST, "%s.incomplete", output) < PATH_MOST;
}

/* What the note at `path` says; false if there is none. */
static bool read_note(char *said, size_t size, const char *path)
{
    char line[sizeof(heading) + BATCH_SAID] = "";
    struct stat note;
    if (lstat(path, &note) != 0 || !S_ISREG(note.st_mode))
        return false;
    FILE *file = fopen(path, "r");
    bool read = file && fgets(line, sizeof(line), file);
    if (file)
        fclose(file);
    if (!read || strncmp(line, heading, sizeof(heading) - 1) != 0)
        return false;
    line[strcspn(line, "\n")] = '\0';
    snprintf(said, size, "%s", line + sizeof(heading) - 1);
    return true;
}

static bool write_note(const char *path, const char *said)
{
    const struct bauta_work_file_settings settings = {.replace = false};
    struct bauta_work_file *file = NULL;
    bool written = bauta_work_file_open(&file, path, &settings) == BAUTA_OK &&
                   dprintf(bauta_work_file_descriptor(file), "%s%s\n", heading, said) > 0 &&
                   bauta_work_file_finish(file) == BAUTA_OK;
    bauta_work_file_free(&file);
    return written;
}

void batch_note_write(const char *output, const char *said)
{
    char path[PATH_MOST];
    batch_note_remove(output);
    if (!name(path, output) || !write_note(path, said))
        cli_warn("%s: is done in part, but %s.incomplete cannot be written: the next run will take "
                 "it for done",
                 output, output);
}

void batch_note_remove(const char *output)
{
    char path[PATH_MOST], said[BATCH_SAID];
    if (name(path, output) && read_note(said, sizeof(said), path))
        unlink(path);
}

static bool is_before(const struct stat *a, const struct stat *b)
{
    return a->st_mtim.tv_sec != b->st_mtim.tv_sec ? a->st_mtim.tv_sec < b->st_mtim.tv_sec
                                                  : a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
}

bool batch_note_read(char *said, size_t size, const char *output)
{
    char path[PATH_MOST];
    struct stat out, note;
    return name(path, output) && stat(output, &out) == 0 && stat(path, &note) == 0 &&
           !is_before(&note, &out) && read_note(said, size, path);
}
