/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_SCENE_H
#define BT_TESTS_SCENE_H

#include "check.h"

#include <bauta/protector.h>
#include <bauta/restorer.h>

#include "base/buffer.h"
#include "base/frame.h"

/*
 * A small run: two people walk past each other before a pattern, masked by a real protector, coded
 * by the real H.264 codec, with capsules attached. Picture n has pts n * 100 ms; an epoch is five
 * pictures.
 */
enum { SCENE_WIDTH = 192, SCENE_HEIGHT = 128, SCENE_PICTURES = 12, SCENE_EPOCH = 5 };

struct scene {
    struct bauta_object_codec codec;
    struct bauta_public_key *public_key, *other_public_key;
    struct bauta_private_key *private_key, *other_private_key;
    struct bt_frame originals[SCENE_PICTURES];
    struct bt_frame masked[SCENE_PICTURES]; /* as decoded from the coded stream */
    struct bt_buffer units[SCENE_PICTURES]; /* access units with capsules */
    struct bauta_mask_report reports[SCENE_PICTURES];
};

/* Paints picture `n`; the same as in `originals`. */
void scene_paint(const struct bauta_picture *picture, int n);
/* The people in picture `n`: body and face of targets 1 and 2. */
int scene_regions(struct bauta_region *regions, int n);
void scene_make_keys(struct scene *scene);
/* For the first recipient; `signing_key` NULL: not signed. To be freed. */
struct bauta_protector *scene_protector(struct scene *scene, const struct bauta_object_codec *codec,
                                        const struct bauta_signing_key *signing_key);
/* Masks, codes and attaches all pictures with this protector, which it frees. */
void scene_record(struct scene *scene, struct bauta_protector *protector);
struct bauta_restorer *scene_restorer(const struct scene *scene, unsigned classes,
                                      const uint32_t *targets, int n_targets);
void scene_clear(struct scene *scene);

/* Mean squared error of luma inside a rectangle. */
double scene_error(const struct bauta_picture *a, const struct bauta_picture *b,
                   struct bauta_rect rect);

#endif
