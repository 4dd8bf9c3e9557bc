/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_WORK_FILE_H
#define BAUTA_WORK_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/log.h>
#include <bauta/status.h>

/*
 * A file in the making. Nothing stands under its name before it is finished, and two runs that make
 * the same file never meet: where the file system allows it (O_TMPFILE, Linux) a work file has no
 * name at all and is gone with its process, however that ends; elsewhere it has one of its own in
 * the same folder, ".bauta-PROCESS-RANDOM.part", opened exclusively. Also where it replaces a file
 * it has such a name for the moment before. A process that is killed can leave one, complete or
 * not: the next work file in the folder removes it, which a lock on it (flock) tells from one in
 * use.
 *
 * What is written is called "output" here: "-" is standard output, and "pipe:PATH" a pipe or device
 * that is written into on purpose; both are streams, which have no end that could be waited for.
 */
struct bauta_work_file;

enum { BAUTA_MODE_DEFAULT = 0, BAUTA_MODE_PRIVATE = 0600 };

struct bauta_work_file_settings {
    bool replace;  /* a file that is there already; never a key, grant, audit log or signature,
                      nor what may be a passphrase: a short text that only its owner can read, */
    bool update;   /* unless it is one that was read and is written again with more in it; without
                      `mode` it keeps the rights that it has */
    unsigned mode; /* permission bits of the finished file; BAUTA_MODE_DEFAULT: 0666 less the umask.
                      Until it is finished nobody has more rights than that, nor than 0600 if it is
                      given. */
    const struct bauta_log *log;
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

/* Whether an output is a stream. */
BAUTA_API bool bauta_is_stream(const char *output);

/*
 * Whether `output` may be written, as bauta_work_file_open() asks. BAUTA_ERR_EXISTS: it is there
 * already, or is evidence that is never overwritten; BAUTA_ERR_IO: it is a link, a folder or a
 * device, or a stream that is no pipe; having said why.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_output_check(const char *output, bool replace,
                                                                const struct bauta_log *log);

/*
 * BAUTA_ERR_ARGUMENT, having said so: `output` is `other`, the same file by this or another name, a
 * link, or what standard input or output is joined to. `other` may be an input or another output,
 * and neither need be there.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_output_apart(const char *output, const char *other, const struct bauta_log *log);

/* BAUTA_ERR_EXISTS, BAUTA_ERR_IO: having said why. The caller frees it. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_work_file_open(struct bauta_work_file **file, const char *output,
                     const struct bauta_work_file_settings *settings);
/* To write, and unless it is a stream to read and seek; it stays the work file's. */
BAUTA_API int bauta_work_file_descriptor(const struct bauta_work_file *file);
/* Brings it to the disk and gives it its name, at once or not at all. BAUTA_ERR_EXISTS: a file of
 * this name has come meanwhile; BAUTA_ERR_IO. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_work_file_finish(struct bauta_work_file *file);
/* Without bauta_work_file_finish() nothing is left of it. */
BAUTA_API void bauta_work_file_free(struct bauta_work_file **file);

/* Removes the work files of this process that have a name. It may be called in a signal handler,
 * which then ends the process: no open work file can be finished any more. */
BAUTA_API void bauta_work_files_abandon(void);

#endif
