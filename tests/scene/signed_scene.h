/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SIGNED_SCENE_H
#define SIGNED_SCENE_H

#include "scene.h"

#include <bauta/verifier.h>

#include "crypto/key.h"

/* A scene whose access units are signed. */
struct signed_scene {
    struct scene scene;
    struct bauta_signing_key key;
    struct bauta_signer signer;
};

/* The keys of the recipients and of the signer. */
void signed_scene_make_keys(struct signed_scene *scene);
/* A protector that signs, for the first recipient; to be freed. */
struct bauta_protector *signed_scene_protector(struct signed_scene *scene);

#endif
