/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHALLENGE_H
#define CHALLENGE_H

#include "config/config.h"

/*
 * Why a camera refuses a password that may be the right one: rtspsrc (GStreamer 1.22) answers every
 * digest by MD5, RFC 2617, also to a camera that wants another, such as RFC 7616's by SHA-256,
 * which then looks as a wrong password does.
 */

/* Asks the camera of `config` once more, without a password, for some seconds at most. A sentence
 * if it takes none that can be given; else NULL. The caller frees it. */
char *challenge_explain(const struct source_config *config);

#endif
