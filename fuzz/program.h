/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "base/buffer.h"

/*
 * A program of the target `remuxed`: what is done to pieces (pieces.h) to make one file of them.
 *
 *     byte 0  container          byte 1  bits 0-1 sound, 2 second video track, 3 fragments,
 *     byte 2  first piece                4 turned, 5 shown from an edit list on
 *     byte 3  not read here          then four bytes an operation: which, where, how, how much
 */
enum { PROGRAM_HEAD = 4, PROGRAM_MAX_OPERATIONS = 24, PROGRAM_MAX_PACKETS = 160 };

struct program_file {
    struct bt_buffer content;
    bool whole;     /* one size, nothing in it was damaged, and no clock was changed */
    bool clear;     /* no piece of it was protected before */
    int n_pictures; /* if it is whole: of its first track */
};

/* Runs the program; the caller clears `file->content`. */
void program_run(struct program_file *file, struct bauta_bytes program);

#endif
