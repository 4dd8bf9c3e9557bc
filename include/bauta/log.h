/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_LOG_H
#define BAUTA_LOG_H

enum bauta_log_level { BAUTA_LOG_ERROR, BAUTA_LOG_WARNING, BAUTA_LOG_INFO, BAUTA_LOG_DEBUG };

/*
 * Where the library's sentences go. `write` gets one sentence without a line end; it may be called
 * from several threads at once. There is no global log: each object is given its own; NULL, or a
 * NULL `write`, is silence. The struct is borrowed for the life of the object that was given it.
 */
struct bauta_log {
    void (*write)(void *user, enum bauta_log_level level, const char *sentence);
    void *user;
};

#endif
