/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_RESTORER_H
#define BAUTA_RESTORER_H

#include <stdint.h>

#include <bauta/grant.h>
#include <bauta/protector.h>

/*
 * A restorer brings the originals back. Used by one thread at a time: collect() each access unit in
 * decoding order, reveal() each decoded picture in presentation order, after the access units that
 * the decoder needed for it. Begin at any random access point.
 */
struct bauta_restorer;

struct bauta_restorer_settings {
    enum bauta_codec codec;
    const struct bauta_private_key *key; /* borrowed for the restorer's life; required */
    const struct bauta_grant *grant; /* borrowed; if not NULL, `key` is its holder's, and only what
                                        it grants opens */
    uint64_t now_ms; /* milliseconds since 1970-01-01, for a grant that expires, which without it
                        does not open; see also bauta_restorer_tell_time() */
    const struct bauta_object_codec *object_codec; /* borrowed; required */
    unsigned classes;        /* which to show: a set of 1 << BAUTA_CLASS_*; default all */
    const uint32_t *targets; /* borrowed; which to show; NULL (default): all */
    int n_targets;
    const struct bauta_log *log;
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

/* What became of one region. */
enum bauta_reveal_state {
    BAUTA_REVEAL_SHOWN,    /* the original is in the picture */
    BAUTA_REVEAL_UNWANTED, /* not asked for: stays masked */
    BAUTA_REVEAL_DENIED,   /* the key, or the grant, does not open it */
    BAUTA_REVEAL_MISSING,  /* its capsule, or one before that it builds on, is not there */
    BAUTA_REVEAL_BROKEN    /* its capsule was altered, or does not decode here */
};

struct bauta_reveal_report {
    bool protected_; /* recovery data was found for this picture */
    bool changed;    /* the coded picture is not the one that the capsules were made for */
    /* Whose numbers its targets have; only the first 4 bytes and zeros if the stream's head was
     * not met. */
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    int n_regions;
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    enum bauta_reveal_state states[BAUTA_MAX_REGIONS];
};

BAUTA_API void bauta_restorer_settings_init(struct bauta_restorer_settings *settings);
/* BAUTA_ERR_DENIED: the grant is not this key's, not approved, or has expired; BAUTA_ERR_TAMPERED:
 * altered; having said why. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_restorer_new(struct bauta_restorer **restorer,
                   const struct bauta_restorer_settings *settings);
BAUTA_API void bauta_restorer_free(struct bauta_restorer **restorer); /* wipes; sets NULL */
/* For who shows for long: from the time that a grant expires on its regions are denied. */
BAUTA_API void bauta_restorer_tell_time(struct bauta_restorer *restorer, uint64_t now_ms);

/* Takes the messages out of an access unit (Annex B). `pts` names its picture in this run.
 * BAUTA_OK also when there are none, or only damaged ones: reveal() tells. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_restorer_collect(struct bauta_restorer *restorer, struct bauta_bytes au, int64_t pts);

/*
 * Puts the originals that the key opens into `picture`, the decoded picture `pts`. Nothing half
 * recovered ever shows: each region is wholly clear or wholly masked. BAUTA_OK: everything that was
 * asked for is shown. Otherwise what could be is shown, and the status is that of the worst region:
 * BAUTA_ERR_TAMPERED (altered or broken), _DENIED (not this key's), _NOT_FOUND (no or missing
 * recovery data). BAUTA_ERR_MEMORY, _ARGUMENT: nothing is shown.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_restorer_reveal(struct bauta_restorer *restorer, struct bauta_reveal_report *report,
                      struct bauta_picture *picture, int64_t pts);

/* The id of the first stream that was met; false if none was. */
BAUTA_API bool bauta_restorer_stream_id(const struct bauta_restorer *restorer,
                                        uint8_t stream_id[BAUTA_STREAM_ID_SIZE]);

#endif
