/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIDEO_H
#define VIDEO_H

#include <libsoup/soup.h>

#include "recordings.h"

/* Answers GET and HEAD for the bytes of a recording. Main thread. */
void video_answer(SoupServerMessage *message, const struct recordings *recordings, const char *id);

#endif
