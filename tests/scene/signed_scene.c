/* SPDX-License-Identifier: Apache-2.0 */
#include "signed_scene.h"

#include <string.h>

#include "crypto/random.h"

void signed_scene_make_keys(struct signed_scene *s)
{
    scene_make_keys(&s->scene);
    check_ok(bt_random(s->key.bytes, sizeof(s->key.bytes)));
    check_ok(bt_signing_key_complete(&s->key));
    memcpy(s->signer.bytes, s->key.public_bytes, sizeof(s->signer.bytes));
    memcpy(s->signer.id, s->key.id, sizeof(s->signer.id));
}

struct bauta_protector *signed_scene_protector(struct signed_scene *s)
{
    return scene_protector(&s->scene, &s->scene.codec, &s->key);
}
