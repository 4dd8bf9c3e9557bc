/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_H
#define LIVE_H

#include <bauta/key.h>
#include <libsoup/soup.h>
#include <stdbool.h>

/*
 * A camera as one recording without an end. Each client has a pipeline of its own, from the
 * camera's RTSP to fragmented MP4, with nothing decoded on the way; what passes is verified as it
 * comes. Main thread.
 */
struct live;

#define LIVE_ID "live"

/* Whether it is an RTSP address. */
bool live_is_address(const char *text);
/* `user` and `password` are NULL, or what the address then has not. Borrows the signers. NULL with
 * a sentence in `*problem` if the address is none, or elements of GStreamer's are missing. */
struct live *live_new(const char *address, const char *user, const char *password,
                      const struct bauta_signer *const *signers, int n_signers, char **problem);
/* Ends all pipelines. */
void live_free(struct live *live);
/* The address, without name and password. */
const char *live_name(const struct live *live);
/* Answers GET and HEAD with the stream, or why there is none; the answer comes later. */
void live_answer(struct live *live, SoupServerMessage *message);
/* The answer of /api/look/live; free with g_free(). */
char *live_look(struct live *live);

#endif
