/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_PROTECTOR_H
#define BAUTA_PROTECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/bytes.h>
#include <bauta/detector.h>
#include <bauta/find.h>
#include <bauta/group.h>
#include <bauta/hide.h>
#include <bauta/key.h>
#include <bauta/log.h>
#include <bauta/object_codec.h>
#include <bauta/picture.h>
#include <bauta/status.h>
#include <bauta/target.h>
#include <bauta/whole.h>

/* The most regions that one picture can have; more targets hide the whole picture. */
#define BAUTA_MAX_REGIONS 512

/* Number of regions of a picture of which nobody knows who is in it: it is hidden whole. 0 says
 * that nobody is. */
#define BAUTA_REGIONS_UNKNOWN (-1)

/*
 * A protector masks the pictures of one run and keeps, sealed, what it masks. It is used by one
 * thread at a time, in this order: mask() each picture in presentation order; give it to any
 * encoder; attach() each access unit that comes out, in that order, decoding order. The encoder
 * must code a picture whose report says `random_access` as an IDR picture, and should code no other
 * as one.
 *
 * The loop, for an encoder that gives one access unit for each picture; `camera_...` and
 * `encoder_...` are yours, and examples/camera.c is a whole program:
 *
 *     bauta_object_codec_init(&object_codec, BAUTA_CODEC_H264);
 *     bauta_protector_settings_init(&settings);
 *     settings.width = 1920;
 *     settings.height = 1080;
 *     settings.recipients = &recipient;
 *     settings.n_recipients = 1;
 *     settings.object_codec = &object_codec;
 *     status = bauta_protector_new(&protector, &settings);
 *     while (!status && camera_next(&picture, &pts)) {
 *         status = bauta_protector_mask(protector, &report, &picture, pts);
 *         if (!status)
 *             status = encoder_code(&coded, &picture, report.random_access);
 *         if (!status)
 *             status = bauta_protector_attach(protector, &protected_unit, coded, pts);
 *         if (!status)
 *             status = camera_send(protected_unit);
 *     }
 *     bauta_protector_free(&protector);
 */
struct bauta_protector;

struct bauta_protector_settings {
    int width, height;      /* of the pictures, in pixels, even */
    enum bauta_codec codec; /* of the access units */
    /* To whom originals are sealed: who holds a recipient's private key can recover, and of a group
     * enough members together. Recipients and members of groups together are 1 to 32. */
    const struct bauta_public_key *const *recipients;
    int n_recipients;
    const struct bauta_group *const *groups;
    int n_groups;
    const struct bauta_signing_key *signing_key; /* signs each epoch; borrowed for the protector's
                                                    life; NULL (default): nothing is signed */
    int64_t epoch_us;  /* from one random access point to the next, microseconds; default 2 s */
    int64_t rotate_us; /* a new stream key at the first epoch after this long; 0 (default): never */
    uint64_t utc_ms;   /* time of pts 0 in milliseconds since 1970-01-01, 0 (default): not known */
    const struct bauta_object_codec *object_codec; /* borrowed for the protector's life; required */
    bool keep;   /* false: originals are not kept, masks are for good, no recipients and no object
                    codec are needed, attach() adds nothing; default true */
    bool detect; /* false: regions are always given, no model is loaded; default true */
    struct bauta_find_settings find;
    struct bauta_hide_settings hide;
    const struct bauta_log *log;         /* borrowed for the protector's life; may be NULL */
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

/* What was done to one picture. */
struct bauta_mask_report {
    bool random_access; /* an epoch begins: code this picture as IDR */
    bool blind;         /* the detector failed: the last masks were grown, or everything hidden */
    enum bauta_whole whole; /* why everything is hidden; BAUTA_WHOLE_NONE: it is not */
    int width, height;      /* of the picture */
    struct bauta_view view; /* how a player shows it; regions are in its stored pixels */
    int n_unsealed;         /* regions whose original was lost because its encoding failed */
    int n_regions;
    struct bauta_region regions[BAUTA_MAX_REGIONS]; /* in order of ownership */
};

BAUTA_API void bauta_protector_settings_init(struct bauta_protector_settings *settings);

/* Loads the models and makes a fresh stream key. `*protector` is NULL unless BAUTA_OK. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_protector_new(struct bauta_protector **protector,
                    const struct bauta_protector_settings *settings);
BAUTA_API void bauta_protector_free(struct bauta_protector **protector); /* sets NULL */

/*
 * Masks `picture` in place and keeps, sealed, what the mask hides. `pts` is in microseconds, larger
 * than in the call before, and names the picture. On any status but BAUTA_OK `picture` is black.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_protector_mask(struct bauta_protector *protector,
                                                                  struct bauta_mask_report *report,
                                                                  struct bauta_picture *picture,
                                                                  int64_t pts);

/*
 * With a look-ahead of N pictures (settings.find.lookahead): looks at a picture that will be masked
 * later. Keep it; once N pictures after it were looked at, mask it. mask() looks by itself at a
 * picture that nobody looked at, so with N = 0 it alone will do; it takes pictures in the order in
 * which they were looked at. `picture` is not changed; `pts` as for mask(). BAUTA_ERR_ARGUMENT,
 * also when N + 1 pictures wait already.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_protector_look(struct bauta_protector *protector, const struct bauta_picture *picture,
                     int64_t pts);

/*
 * look() where the caller has a detector of its own (settings.find.external): `sights` is what was
 * found in the picture `sights_pts`, this one or one before it that was answered late; NULL: nobody
 * has looked. Late sights are grown by how far people may have gone since, and count for nothing if
 * another scene has begun in between. Masks grow with the time to the nearest look. Everything is
 * hidden until something was found for the first time, after a change of scene, and wherever the
 * nearest look is further than settings.find.longest_gap_us. BAUTA_ERR_ARGUMENT as for look(), or
 * if a sight makes no sense: then the picture counts as one at which nobody has looked.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_protector_look_with(struct bauta_protector *protector, const struct bauta_picture *picture,
                          int64_t pts, const struct bauta_sights *sights, int64_t sights_pts);

/*
 * How a player shows the pictures from the next one on that is looked at (settings.find.view before
 * that): another scene begins there. BAUTA_ERR_ARGUMENT: a view that makes no sense;
 * BAUTA_ERR_DETECTOR, BAUTA_ERR_MEMORY: nobody can look at such pictures, which are hidden by what
 * is known, or whole.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_protector_set_view(struct bauta_protector *protector, const struct bauta_view *view);

/*
 * mask() with the regions given instead of detected: `target`, `class_` and `rect` of each of the
 * `n_regions` are read; the masks may come out larger, aligned to the codec's blocks. More than
 * BAUTA_MAX_REGIONS, the same target and class twice, a region of target
 * BAUTA_TARGET_WHOLE_PICTURE, whatever its rectangle, or `n_regions` BAUTA_REGIONS_UNKNOWN hide the
 * whole picture.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_protector_mask_regions(struct bauta_protector *protector, struct bauta_mask_report *report,
                             struct bauta_picture *picture, int64_t pts,
                             const struct bauta_region *regions, int n_regions);

/*
 * Puts the capsules of picture `pts` into its access unit `au` (Annex B, with all its slices).
 * `*out` is the protector's memory, good until its next call (without settings.keep it is `au`).
 * Once per picture: BAUTA_ERR_NOT_FOUND if `pts` was not masked or is attached already;
 * BAUTA_ERR_FORMAT if `au` has no slice.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_protector_attach(struct bauta_protector *protector, struct bauta_bytes *out,
                       struct bauta_bytes au, int64_t pts);

/*
 * From the next epoch on, in a new stream with a new key, seals to others than before: who is left
 * out cannot open what comes then, and who is added cannot open what came before. Counts and
 * failures as in the settings; after a failure nothing changes.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_protector_set_recipients(struct bauta_protector *protector,
                               const struct bauta_public_key *const *recipients, int n_recipients,
                               const struct bauta_group *const *groups, int n_groups);

/* The codec of the access units, if it was not known at the beginning; before the first attach().
 */
BAUTA_API void bauta_protector_set_codec(struct bauta_protector *protector, enum bauta_codec codec);

/*
 * No picture will follow those that were masked: call this before the last access unit is attached,
 * and it carries the signed end of the recording. Only matters with a signing key. So that each
 * epoch's signature lies within it, attach an access unit when the next one has come out of the
 * encoder; without that it lies at the start of the epoch after.
 */
BAUTA_API void bauta_protector_finish(struct bauta_protector *protector);

#endif
