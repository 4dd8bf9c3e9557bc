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
    const struct bauta_public_key *recipients[] = {s->scene.public_key};
    struct bauta_protector_settings settings;
    struct bauta_protector *protector;
    bauta_protector_settings_init(&settings);
    settings.width = SCENE_WIDTH;
    settings.height = SCENE_HEIGHT;
    settings.recipients = recipients;
    settings.n_recipients = 1;
    settings.epoch_us = SCENE_EPOCH * 100000;
    settings.object_codec = &s->scene.codec;
    settings.signing_key = &s->key;
    settings.detect = false;
    check_ok(bauta_protector_new(&protector, &settings));
    return protector;
}
