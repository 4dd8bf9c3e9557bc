/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_VERIFIER_H
#define BAUTA_VERIFIER_H

#include <stdint.h>

#include <bauta/protector.h>
#include <bauta/run.h>

/*
 * A verifier tells which parts of a recording are as their signer wrote them, and what became of
 * the others. It needs no key to anything hidden, only the public keys of those who may sign.
 */
struct bauta_verifier;

/* What is found; bauta_finding_is_fault() says which of these are faults. */
enum bauta_finding_kind {
    BAUTA_FINDING_AUTHENTIC, /* an epoch: every picture and all recovery data as signed */
    BAUTA_FINDING_ERASED,    /* originals were erased, as a certificate in the file says */
    BAUTA_FINDING_LOCKED, /* all envelopes were taken out, so that no recipient's key opens it, as
                             one says: what was not erased an earlier grant opens still */
    BAUTA_FINDING_REWRAPPED, /* recipients were added or taken away, as one says */
    BAUTA_FINDING_BEGINS,    /* with `pieces`: the recording goes on before what is there, */
    BAUTA_FINDING_ENDS,      /* or behind it */
    BAUTA_FINDING_ENDS_OPEN, /* the same, and the signature of the last epoch stands there, too */
    BAUTA_FINDING_JOINED,    /* one whole recording ends and another begins */
    BAUTA_FINDING_UNSIGNED,  /* no signature of this stretch is there */
    BAUTA_FINDING_UNKNOWN_SIGNER, /* signed, but by none of those asked for */
    BAUTA_FINDING_FORGED,         /* the signature does not verify: its manifest was altered */
    BAUTA_FINDING_PICTURE_CHANGED,
    BAUTA_FINDING_PICTURE_CUT,       /* pictures are missing inside an epoch */
    BAUTA_FINDING_PICTURE_ADDED,     /* pictures that the signer did not write */
    BAUTA_FINDING_PICTURE_MOVED,     /* a picture stands where another should, or twice */
    BAUTA_FINDING_RECOVERY_STRIPPED, /* a picture's recovery data are gone */
    BAUTA_FINDING_RECOVERY_CHANGED,  /* they, or what they say of the picture, were altered */
    BAUTA_FINDING_RECOVERY_SWAPPED,  /* they belong to another picture or recording */
    BAUTA_FINDING_NOT_ERASED,     /* a certificate says that they were erased, and they are there */
    BAUTA_FINDING_HEADER_CHANGED, /* the head of a stream message: time, stream, codec */
    BAUTA_FINDING_RECIPIENTS_CHANGED,
    BAUTA_FINDING_PARAMETERS_CHANGED, /* of the base stream: how its pictures are decoded */
    BAUTA_FINDING_EPOCH_CUT,          /* whole epochs are missing */
    BAUTA_FINDING_EPOCH_MOVED,        /* an epoch stands after a later one, or twice */
    BAUTA_FINDING_CHAIN,              /* an epoch does not follow on what stands before it */
    BAUTA_FINDING_HEAD_CUT,           /* the recording began earlier */
    BAUTA_FINDING_TAIL_CUT,           /* the recording went on, or its writer was stopped */
    BAUTA_FINDING_TIMES_CHANGED       /* an epoch: a picture of it is shown at another time */
};

enum { BAUTA_N_FINDINGS = BAUTA_FINDING_TIMES_CHANGED + 1 };

struct bauta_finding {
    enum bauta_finding_kind kind;
    double first_s, last_s; /* presentation times of the first and last picture concerned that is
                               shown; 0 if none is */
    uint64_t n;             /* pictures, or epochs if the kind is about these; 0: not known */
    bool at_least;          /* n is the least that it can be: keys were changed meanwhile */
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    uint32_t epoch;
    uint32_t file; /* how often bauta_verifier_begin_file() was called before it */
    uint8_t key_id[BAUTA_KEY_ID_SIZE]; /* who signed; zeros: nobody */
    uint64_t utc_ms;                   /* of an erasure or rewrapping */
    char reason[1025];                 /* the same; else empty */
    /* Of TIMES_CHANGED: which pictures, as numbers from 0 in the order of the file; how long they
     * last as signed and by the file's time stamps; how far off the worst is. */
    uint64_t first_picture, last_picture;
    double signed_s, told_s, off_s;
};

struct bauta_verification {
    uint64_t n_pictures, n_authentic; /* of these, in all respects as signed */
    uint64_t n_hidden;                /* of n_pictures: those that are never shown */
    uint64_t n_epochs;
    uint64_t n_untimed;   /* of n_pictures: those whose time is not signed, */
    uint64_t n_unstamped; /* and those of the others that are shown, and whose
                             file tells none */
    /* Of files: things that show pictures which nobody signed, or not all of them: another video
     * track, an edit list. */
    int n_besides;
    bool authentic; /* there is something, and nothing was found that is a fault */
};

struct bauta_verifier_settings {
    enum bauta_codec codec;
    const struct bauta_signer *const *signers; /* borrowed for the verifier's life */
    int n_signers;
    bool pieces; /* of a recording, which may go on before and behind them */
    void *user;
    void (*found)(void *user, const struct bauta_finding *finding); /* may be NULL */
    /* Of files: called for each thing that no signature covers, as "sound (aac)"; may be NULL.
     * `pictures`: it is one of n_besides. */
    void (*not_covered)(void *user, const char *what, bool pictures);
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_verifier_new(struct bauta_verifier **verifier,
                   const struct bauta_verifier_settings *settings);
BAUTA_API void bauta_verifier_free(struct bauta_verifier **verifier);
/* Takes one access unit (Annex B), in decoding order, whose picture is shown at `time_s` seconds;
 * NAN or infinite: it is never shown, as a file's edit list says. One without a slice is no
 * picture. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_verifier_collect(struct bauta_verifier *verifier, struct bauta_bytes au, double time_s);
/* The same, of a file that tells when the picture is shown: `stamp_s` seconds on its own clock, as
 * it stands there; NAN if it does not. It is held against what was signed. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_verifier_collect_stamped(struct bauta_verifier *verifier, struct bauta_bytes au,
                               double time_s, double stamp_s);
/* What comes is of a file, or another one, whose clock begins anywhere and counts in units of
 * `tick_s` seconds. */
BAUTA_API void bauta_verifier_begin_file(struct bauta_verifier *verifier, double tick_s);
/* The end: judges what is left. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_verifier_finish(struct bauta_verifier *verifier, struct bauta_verification *verification);

/* Whether `finding` says the same as `last`, of the same epoch or of the one after `last_epoch`, up
 * to which `last` goes already: what is told to people are such runs. */
BAUTA_API bool bauta_finding_continues(const struct bauta_finding *last, uint32_t last_epoch,
                                       const struct bauta_finding *finding);
/* Whether the recording is not as its signer wrote it. Erasing, taking envelopes out, rewrapping, a
 * piece's own ends and joined recordings are none. A number that is no kind is a fault. */
BAUTA_API bool bauta_finding_is_fault(enum bauta_finding_kind kind);
/* "picture changed" and so on; NULL for another number. */
BAUTA_API const char *bauta_finding_name(enum bauta_finding_kind kind);

#endif
