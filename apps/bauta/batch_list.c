/* SPDX-License-Identifier: Apache-2.0 */
#include "batch_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* What is taken out of folders, by the end of the name. What a command line names is always tried.
 */
static const char *const videos[] = {
    "mp4",  "m4v",   "mov",  "mkv", "ts",  "m2ts", "mts", "h264", "264", "avc",  "h265",
    "265",  "hevc",  "avi",  "flv", "f4v", "wmv",  "asf", "webm", "mpg", "mpeg", "mpe",
    "m1v",  "m2v",   "vob",  "3gp", "3g2", "dav",  "mxf", "ogv",  "mod", "tod",  "dv",
    "divx", "mjpeg", "mjpg", "y4m", "rm",  "rmvb", "nut", "ivf",  "ps",  NULL};
static const char *const stills[] = {"jpg",  "jpeg", "jpe",  "png",  "webp", "bmp", "tif",
                                     "tiff", "gif",  "heic", "heif", "avif", NULL};

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The end of the name behind its last dot; "" if there is none. */
static const char *extension_of(const char *path)
{
    const char *base = base_of(path), *dot = strrchr(base, '.');
    return dot && dot > base ? dot + 1 : "";
}

static bool is_among(const char *const *names, const char *path)
{
    for (; *names; names++)
        if (strcasecmp(*names, extension_of(path)) == 0)
            return true;
    return false;
}

bool batch_is_still(const char *path)
{
    return is_among(stills, path);
}

bool batch_is_folder(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* A text of its own, or NULL with list->failed set. */
static char *format(struct batch_list *list, const char *how, ...)
{
    va_list values;
    va_start(values, how);
    int length = vsnprintf(NULL, 0, how, values);
    va_end(values);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    list->failed |= text == NULL;
    if (!text)
        return NULL;
    va_start(values, how);
    vsnprintf(text, (size_t)length + 1, how, values);
    va_end(values);
    return text;
}

static struct batch_file *add(struct batch_list *list, const char *input)
{
    if (list->n_files == list->n_allocated) {
        size_t more = list->n_allocated ? list->n_allocated * 2 : 64;
        struct batch_file *files = realloc(list->files, more * sizeof(*files));
        list->failed |= files == NULL;
        if (!files)
            return NULL;
        list->files = files;
        list->n_allocated = more;
    }
    struct batch_file *file = &list->files[list->n_files];
    *file = (struct batch_file){.input = format(list, "%s", input)};
    if (!file->input)
        return NULL;
    list->n_files++;
    return file;
}

/* Where what is made of a file goes; `below`: its path in the folder of outputs. */
static char *name_output(struct batch_list *list, const struct batch_naming *naming,
                         const char *below)
{
    const char *end = naming->format, *folder = naming->folder;
    const char *slash = *folder && folder[strlen(folder) - 1] == '/' ? "" : "/";
    if (!end && bauta_can_write(below, NULL, naming->codec))
        return format(list, "%s%s%s", folder, slash, below);
    size_t length = strlen(below);
    if (is_among(videos, below) || is_among(stills, below))
        length -= strlen(extension_of(below)) + 1;
    return format(list, "%s%s%.*s.%s", folder, slash, (int)length, below, end ? end : "mp4");
}

static void add_file(struct batch_list *list, const struct batch_naming *naming, const char *path,
                     const char *below)
{
    struct stat in, out;
    struct batch_file *file = add(list, path);
    if (!file)
        return;
    file->exists = stat(path, &in) == 0;
    if (naming->folder)
        file->output = name_output(list, naming, below);
    if (!file->exists)
        return;
    file->regular = S_ISREG(in.st_mode);
    file->device = in.st_dev;
    file->inode = in.st_ino;
    file->own = file->output && stat(file->output, &out) == 0 && out.st_dev == in.st_dev &&
                out.st_ino == in.st_ino;
}

static bool is_same(const char *path, const struct stat *other)
{
    struct stat s;
    return path && stat(path, &s) == 0 && s.st_dev == other->st_dev && s.st_ino == other->st_ino;
}

static void walk(struct batch_list *list, const struct batch_naming *naming, const char *path,
                 const char *below);

/* What stands in a folder under `path`. Links to folders are passed over: they may lead anywhere,
 * also back. */
static void walk_entry(struct batch_list *list, const struct batch_naming *naming, const char *path,
                       const char *below)
{
    struct stat s;
    bool link = lstat(path, &s) == 0 && S_ISLNK(s.st_mode);
    if (stat(path, &s) != 0)
        list->n_others++;
    else if (S_ISDIR(s.st_mode) && link)
        list->n_links++;
    else if (S_ISDIR(s.st_mode) && !is_same(naming->folder, &s))
        walk(list, naming, path, below);
    else if (S_ISREG(s.st_mode) && is_among(videos, path))
        add_file(list, naming, path, below);
    else if (S_ISREG(s.st_mode) && is_among(stills, path))
        list->n_stills++;
    else if (!S_ISDIR(s.st_mode))
        list->n_others++;
}

/* What stands in folder `path` as `name`; what is hidden is left out. */
static void walk_name(struct batch_list *list, const struct batch_naming *naming, const char *path,
                      const char *below, const char *name)
{
    if (*name == '.') {
        list->n_others += strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
        return;
    }
    bool slash = *path && path[strlen(path) - 1] == '/';
    char *child = format(list, "%s%s%s", path, slash ? "" : "/", name);
    char *under = format(list, "%s%s%s", below, *below ? "/" : "", name);
    if (child && under)
        walk_entry(list, naming, child, under);
    free(child);
    free(under);
}

static void walk(struct batch_list *list, const struct batch_naming *naming, const char *path,
                 const char *below)
{
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    if (n < 0) {
        int error = errno;
        struct batch_file *file = add(list, path);
        if (file)
            file->problem = format(list, "%s", strerror(error));
        return;
    }
    for (int i = 0; i < n; i++) {
        walk_name(list, naming, path, below, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

/* The last part of a folder's path; "" if that is "." or "..", or the root. */
static char *folder_name(struct batch_list *list, const char *path)
{
    size_t end = strlen(path), start;
    while (end > 0 && path[end - 1] == '/')
        end--;
    for (start = end; start > 0 && path[start - 1] != '/'; start--)
        ;
    bool dots = end - start > 0 && end - start <= 2 && strspn(path + start, ".") >= end - start;
    return format(list, "%.*s", dots ? 0 : (int)(end - start), path + start);
}

static const char *key_of(const struct batch_file *file)
{
    return file->output ? file->output : file->input;
}

/* By output, or by input where there is none; whose output is itself comes last; then by place. */
static int compare(const void *a, const void *b)
{
    const struct batch_file *const *x = a, *const *y = b;
    int order = strcmp(key_of(*x), key_of(*y));
    if (!order)
        order = (*x)->own - (*y)->own;
    return order ? order : *x < *y ? -1 : 1;
}

static bool collide(const struct batch_file *a, const struct batch_file *b)
{
    return a->output && b->output && !a->own && !b->own && strcmp(a->output, b->output) == 0;
}

static void refuse(struct batch_list *list, struct batch_file *file, const struct batch_file *other)
{
    if (!file->problem)
        file->problem = format(list,
                               "%s would be the output of %s, too: rename one, or give it another "
                               "folder",
                               file->output, other->input);
}

/* Takes away what was named twice, and refuses different files that would have one output. */
static void find_doubles(struct batch_list *list)
{
    struct batch_file **sorted = malloc((list->n_files + 1) * sizeof(struct batch_file *));
    list->failed |= sorted == NULL;
    for (size_t i = 0; sorted && i < list->n_files; i++)
        sorted[i] = &list->files[i];
    if (sorted)
        qsort(sorted, list->n_files, sizeof(struct batch_file *), compare);
    struct batch_file *first = NULL;
    for (size_t i = 0; sorted && i < list->n_files; i++) {
        struct batch_file *file = sorted[i];
        bool one = first && first->exists && file->exists && first->device == file->device &&
                   first->inode == file->inode;
        bool collides = first && collide(first, file);
        if (one && (collides || strcmp(first->input, file->input) == 0)) {
            free(file->input);
            file->input = NULL; /* taken out below */
            continue;
        }
        if (collides) {
            refuse(list, first, file);
            refuse(list, file, first);
        }
        first = collides ? first : file;
    }
    free(sorted);
}

static void close_gaps(struct batch_list *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n_files; i++) {
        if (list->files[i].input) {
            list->files[n++] = list->files[i];
            continue;
        }
        free(list->files[i].output);
        free(list->files[i].problem);
    }
    list->n_files = n;
}

/* An output that is there and shall be replaced must be no input, not even of another output. */
static void keep_inputs(struct batch_list *list)
{
    struct stat out;
    for (size_t i = 0; i < list->n_files; i++) {
        struct batch_file *file = &list->files[i];
        if (!file->output || file->own || file->problem || stat(file->output, &out) != 0)
            continue;
        for (size_t k = 0; k < list->n_files && !file->problem; k++)
            if (k != i && list->files[k].exists && list->files[k].device == out.st_dev &&
                list->files[k].inode == out.st_ino)
                file->problem = format(list,
                                       "%s would be written over, which is read, too: give another "
                                       "folder",
                                       file->output);
    }
}

void batch_list_make(struct batch_list *list, const struct options *options,
                     const struct batch_naming *naming)
{
    *list = (struct batch_list){.n_files = 0};
    int n_folders = 0;
    for (int i = 0; i < options->n_arguments; i++)
        n_folders += batch_is_folder(options->arguments[i]);
    for (int i = 0; i < options->n_arguments && !list->failed; i++) {
        const char *path = options->arguments[i];
        if (!batch_is_folder(path)) {
            add_file(list, naming, path, base_of(path));
            continue;
        }
        char *name = n_folders > 1 ? folder_name(list, path) : NULL;
        walk(list, naming, path, name ? name : "");
        free(name);
    }
    find_doubles(list);
    close_gaps(list);
    if (options_has(options, OPTION_FORCE))
        keep_inputs(list);
}

void batch_list_clear(struct batch_list *list)
{
    for (size_t i = 0; i < list->n_files; i++) {
        free(list->files[i].input);
        free(list->files[i].output);
        free(list->files[i].problem);
    }
    free(list->files);
    *list = (struct batch_list){.n_files = 0};
}
