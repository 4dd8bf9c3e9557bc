/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PIECES_H
#define PIECES_H

#include <stdbool.h>

#include <libavformat/avformat.h>

/*
 * Short recordings as coded packets, made when they are first asked for and the same in every run:
 * what a program of the target `remuxed` is put together from. Times are milliseconds. Video is
 * Annex B with its parameter sets in front of each key picture. All pictures have the same square
 * in the same place, PIECE_SQUARE pixels wide, of so strong a pattern that it is known again
 * wherever it was left clear.
 */
enum { PIECE_PICTURES = 12, PIECE_STEP_MS = 100, PIECE_MAX_PACKETS = 64 };
enum { PIECE_SQUARE_X = 16, PIECE_SQUARE_Y = 8, PIECE_SQUARE = 32 };
enum { N_VIDEO_PIECES = 7, N_SOUND_PIECES = 3 };
/* The last piece of video is one that was protected for the key of tests/vectors. */
enum { PIECE_PROTECTED = N_VIDEO_PIECES - 1 };

struct piece {
    AVCodecParameters *parameters;
    AVPacket *packets[PIECE_MAX_PACKETS]; /* in decoding order */
    int n_packets;
};

/* Whether a pixel of the square is a bright one. */
bool piece_is_bright(int x, int y);
const struct piece *piece_video(int number);
const struct piece *piece_sound(int number);
/* Takes the packets of a file's video, which is whole, as a piece has them. */
void piece_read(struct piece *piece, const char *path);
/* Makes the last piece of video (remuxed.c, which knows how to protect). */
void piece_protect(struct piece *piece);

#endif
