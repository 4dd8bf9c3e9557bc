/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_FILE_H
#define BAUTA_FILE_H

#include <stdint.h>

#include <bauta/inspector.h>
#include <bauta/protector.h>
#include <bauta/restorer.h>
#include <bauta/turn.h>
#include <bauta/verifier.h>
#include <bauta/work_file.h>

/*
 * Whole files: what the CLI does, as calls. A path of "-" is standard input or output. Output
 * goes into a work file (bauta/work_file.h); after a failure nothing stands under its name.
 * Callbacks may be NULL; they are called on one thread at a time, not necessarily the caller's.
 */

/* How far a run is. `n_total` is 0 when not known. */
struct bauta_progress {
    uint64_t n_pictures, n_total;
    double elapsed_s;
};

/* Return false to stop: the run ends with BAUTA_ERR_CANCELLED. */
typedef bool bauta_progress_function(void *user, const struct bauta_progress *progress);

/* What becomes of pictures that change their size on the way. */
enum bauta_size_change {
    BAUTA_SIZE_CHANGE_SPLIT, /* a file for each size: OUT.mp4, OUT-part2.mp4, OUT-part3.mp4 ... */
    BAUTA_SIZE_CHANGE_SCALE, /* all are brought to the first size, in their shape, with black */
    BAUTA_SIZE_CHANGE_STOP   /* BAUTA_ERR_UNSUPPORTED, and no output */
};

/* One of the files that a run writes: what is shown from `start_s` on, the first picture of which
 * has the number `first`. Its own clock starts at 0. */
struct bauta_part {
    int number; /* from 1 */
    const char *path;
    double start_s;
    uint64_t first;
    int width, height;
};

/* Called when a part begins; what is in `part` is good for the call. Files have their names when
 * the run has ended well, all of them. */
typedef void bauta_part_function(void *user, const struct bauta_part *part);

/* Called for each file that a run writes when all are complete and none has its name yet, so that
 * what is said about them can stand there before they do; what the result of the run has is known.
 * `file` is open, to be read by position. Any status but BAUTA_OK ends the run, and no file of it
 * gets its name. */
typedef enum bauta_status bauta_complete_function(void *user, const char *path, int file,
                                                  bool last);

/* To whom originals are sealed. */
struct bauta_recipient_list {
    const struct bauta_public_key *const *keys;
    int n_keys;
    const struct bauta_group *const *groups;
    int n_groups;
};

struct bauta_protect_settings {
    /* `output` as in bauta/work_file.h, also `replace` and `mode`. It is never the input itself. */
    const char *input, *output;
    bool replace;
    unsigned mode;
    const char *format; /* of the output, as its file name would end ("mp4", "mov", "mkv", "ts",
                           "h264", "h265"); NULL: by the name; required for "-" */
    const struct bauta_public_key *const *recipients;
    int n_recipients;
    const struct bauta_group *const *groups;
    int n_groups;
    const struct bauta_signing_key *signing_key; /* or NULL: not signed */
    double rotate_s;   /* a new stream key after so many seconds; 0 (default): never */
    int track;         /* which video track of the input, from 1; 0 (default): the best one */
    bool others_apart; /* the other video tracks become files of their own, by other runs: they are
                          not told as left out */
    uint64_t utc_ms; /* when the recording began, since 1970-01-01; 0 (default): as it says itself,
                        if it does */
    /* If set: who can recover what comes from the next epoch on; called for each picture, sets
     * both lists and true to change them. What it points to must live until it changes them
     * again. */
    bool (*recipients_at)(void *user, double pts_s, struct bauta_recipient_list *list);
    struct bauta_find_settings find; /* look-ahead: a second by default */
    struct bauta_hide_settings hide;
    enum bauta_codec codec; /* default H.264 */
    double crf;             /* default 23 (H.264) or 28 (H.265): negative */
    const char *preset;     /* default "veryfast" */
    const char *encoder;    /* libavcodec's name of another encoder than libx264 and libx265, which
                               then does not get crf and preset; or NULL */
    const char *encoder_options; /* more for the encoder, "name=value,name=value", as FFmpeg knows
                                    them; or NULL */
    /* How originals are kept. */
    enum bauta_codec object_codec; /* default H.264 */
    bool recovery_lossless;        /* bit for bit */
    double recovery_crf; /* quality; negative (default): as good as `crf` makes the rest */
    double gop_s;        /* seconds of an epoch, which is one GOP; default 2 */
    bool audio;          /* default true: copied */
    bool keep_subtitles; /* default false: they can tell who is seen */
    bool keep_tags;      /* titles, places, names, comments; default false, for the same reason */
    int threads;         /* 0: everything on the caller's thread; default: stages side by side */
    bool stop_on_seal_failure; /* end the run rather than lose an original */
    /* Default split; to standard output scale instead. Each part is a stream of its own: people
     * are numbered anew in it. Pictures of all parts are numbered, and their times reported,
     * as in the input. */
    enum bauta_size_change on_size_change;
    const struct bauta_log *log;
    void *user;
    bauta_progress_function *progress;
    bauta_part_function *part;
    /* What was masked in each picture, in presentation order, in pixels of the input as they are
     * stored there. `pts_s`: seconds from the start. */
    enum bauta_status (*report)(void *user, uint64_t picture, double pts_s,
                                const struct bauta_mask_report *report);
    /* If set, regions come from here and no detector runs: fills `regions` (room for
     * BAUTA_MAX_REGIONS) for picture number `picture`: those that are shown, in presentation order,
     * from 0, in its stored pixels. `*n_regions` is BAUTA_REGIONS_UNKNOWN at first: who leaves it
     * so does not know who is in the picture, and it is hidden whole; 0 says that nobody is. What
     * else hides it whole is as for bauta_protector_mask_regions(). `width` and `height` are the
     * picture's, or 0 where it was brought to another size: it has its stored pixels no more, and
     * is hidden whole whatever is given. */
    enum bauta_status (*regions)(void *user, struct bauta_region *regions, int *n_regions,
                                 uint64_t picture, int width, int height);
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

struct bauta_protect_result {
    uint64_t n_pictures, n_targets, n_regions;
    uint64_t n_blind;                /* pictures whose detection failed */
    uint64_t n_whole[BAUTA_N_WHOLE]; /* pictures that were hidden whole, for each reason */
    uint64_t n_unsealed;             /* regions that cannot be recovered */
    uint64_t n_undecodable;          /* pictures of the input that could not be decoded */
    uint64_t n_unshown;      /* that no player shows: before the first that can be decoded, */
    uint64_t n_hidden;       /* or hidden by an edit list; they are not in the output */
    uint64_t stream_bytes;   /* of all access units */
    uint64_t recovery_bytes; /* the part of them that carries recovery data */
    bool truncated;          /* the input ended too soon */
    bool reduced;            /* the input has more bits, chroma or colours than 8-bit 4:2:0 holds */
    uint64_t n_late;  /* packets of sound that came too late for their part, and are left out */
    uint64_t n_early; /* the same of those before the first picture that could not be kept */
    int n_parts;      /* files that were written */
    /* Time each stage was busy, in seconds; stages run side by side. */
    double elapsed_s, decode_s, detect_s, mask_s, encode_s;
};

struct bauta_recover_settings {
    const char *input, *output, *format; /* as above, and the next two; `mode` is */
    bool replace;
    unsigned mode; /* BAUTA_MODE_PRIVATE by default */
    int track;     /* which video track, from 1; 0 (default): the best one */
    const struct bauta_private_key *key;
    const struct bauta_grant *grant; /* or NULL; else `key` is its holder's */
    uint64_t now_ms; /* since 1970-01-01, by which a grant expires; 0 (default): by the clock */
    const uint32_t *targets; /* NULL: all */
    int n_targets;
    unsigned classes;        /* default all */
    double since_s, until_s; /* seconds from the start: since <= t < until; default all */
    enum bauta_codec codec;  /* default H.264 */
    double crf;              /* default 18 */
    bool lossless;
    const char *preset;
    bool audio, keep_subtitles, keep_tags; /* as above */
    int threads;
    enum bauta_size_change on_size_change; /* default split; to standard output scale instead */
    const struct bauta_log *log;
    void *user;
    bauta_progress_function *progress;
    bauta_part_function *part;
    bauta_complete_function *complete; /* or NULL */
    /* What became of each picture's regions, in presentation order: of the picture as it is coded,
     * not as it is turned or scaled. Out of the time that is asked for all are unwanted. */
    void (*revealed)(void *user, uint64_t picture, double time_s,
                     const struct bauta_reveal_report *report);
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

struct bauta_recover_result {
    uint64_t n_pictures;
    uint64_t n_in_time; /* of these in the time that was asked for */
    uint64_t n_shown, n_unwanted, n_denied, n_missing,
        n_broken;           /* regions, by what became of them */
    uint64_t n_incomplete;  /* pictures in which something asked for stays masked */
    uint64_t n_unprotected; /* pictures without readable recovery data */
    uint64_t n_changed;     /* pictures whose coded slices are not those that were protected */
    uint64_t n_undecodable; /* pictures that did not come out of the decoder, */
    uint64_t n_hidden;      /* or that an edit list hides: they are not in the output */
    uint64_t n_absent;      /* pictures that are not in the input, as the others' numbers tell */
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE]; /* of the first stream; zeros if none was met */
    bool truncated;
    uint64_t n_late;  /* packets of sound that came too late for their part, and are left out */
    uint64_t n_early; /* the same of those before the first picture that could not be kept */
    uint64_t n_sound; /* packets of sound that are in the output */
    int n_parts;      /* files that were written */
    double elapsed_s;
};

struct bauta_detect_settings {
    const char *input;
    int track;                       /* which video track, from 1; 0 (default): the best one */
    struct bauta_find_settings find; /* look-ahead: a second by default */
    const struct bauta_log *log;
    void *user;
    bauta_progress_function *progress;
    /* What is followed in each picture, in presentation order, how that is shown, and how large it
     * is as it is stored. */
    enum bauta_status (*found)(void *user, uint64_t picture, double pts_s,
                               const struct bauta_view *view, int width, int height,
                               const struct bauta_region *regions, int n_regions);
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

/* Somebody who was met in a recording. Numbers are a run's own (bauta/run.h): in files that were
 * joined the same number can be two people. */
struct bauta_met_person {
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    uint32_t target;
    uint64_t n; /* as who tells it says */
};

/* What a grant shall allow. */
struct bauta_grant_settings {
    const char *input;                        /* the recording */
    const struct bauta_private_key *key;      /* of a recipient of it; or */
    const struct bauta_group *group;          /* a group that is one, and must approve */
    const struct bauta_public_key *recipient; /* who shall hold the grant */
    const uint32_t *targets;                  /* nobody else; NULL: everybody */
    int n_targets;                            /* at most BAUTA_MAX_GRANT_TARGETS */
    unsigned classes;                         /* default all */
    /* Epochs with a picture at since <= t < until, whole: seconds in the file (default: all of it),
     * or, if one is not 0, milliseconds since 1970-01-01, if the recording tells the time. */
    double since_s, until_s;
    uint64_t since_utc_ms, until_utc_ms;
    const char *reason, *case_;                  /* at most 1024 bytes, one line; or NULL */
    uint64_t issued_ms, expires_ms;              /* since 1970-01-01; expires 0: never */
    const struct bauta_signing_key *signing_key; /* of who grants, or NULL */
    const struct bauta_log *log;
    void *user;
    /* Told of each of `targets` and each stream that the grant has them in, with how many
     * regions, if it could be made; may be NULL. */
    void (*person)(void *user, const struct bauta_met_person *person);
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

/* What inspection of a file tells beside the stream. */
struct bauta_file_info {
    enum bauta_codec codec;
    int width, height;
    double duration_s; /* negative: not known */
    bool truncated;
};

BAUTA_API void bauta_protect_settings_init(struct bauta_protect_settings *settings);
BAUTA_API void bauta_recover_settings_init(struct bauta_recover_settings *settings);
BAUTA_API void bauta_detect_settings_init(struct bauta_detect_settings *settings);

/* BAUTA_OK also when `result` counts pictures that were lost: look there. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_protect_file(struct bauta_protect_result *result,
                   const struct bauta_protect_settings *settings);

/* BAUTA_ERR_DENIED, and no output, if the key opens nothing; BAUTA_ERR_NOT_FOUND, and no output, if
 * the file has no recovery data at all. BAUTA_OK also when some of it could not be recovered. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_recover_file(struct bauta_recover_result *result,
                   const struct bauta_recover_settings *settings);

BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_detect_file(const struct bauta_detect_settings *settings);

/*
 * Which way the pictures of a file must be turned, clockwise and on top of what the file says and
 * of `find->view`, so that people stand upright: looks at up to 12 pictures of its first ten
 * seconds in four positions (bauta/turn.h); of which track is as in the settings above. `*sure` is
 * false where the evidence is not clear: then leave it. BAUTA_ERR_UNSUPPORTED: standard input, of
 * which nothing is held back.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_guess_turn_file(int *turn, bool *sure, const char *input, int track,
                      const struct bauta_find_settings *find, const struct bauta_log *log);

/* The name of one of several files that `output` becomes: `output` itself for number 1, else with
 * "-", the word and the number before its ending: number 2 of "out/a.mp4" by the word "track" is
 * "out/a-track2.mp4". The caller frees it; NULL without memory. */
BAUTA_API char *bauta_numbered_path(const char *output, const char *word, int number);

/* Whether the name of a file, or `format` (NULL: none), names a container that can be written for
 * this codec. */
BAUTA_API bool bauta_can_write(const char *path, const char *format, enum bauta_codec codec);

/* How many video tracks a file has. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_video_tracks(int *n_tracks, const char *path,
                                                                const struct bauta_log *log);
/* Whether a file carries recovery data already, as its first access units tell. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_is_protected(bool *protected_, const char *path,
                                                                const struct bauta_log *log);

/* What the head of a file tells; `info->truncated` is not known and false. BAUTA_ERR_NOT_FOUND: its
 * video is neither H.264 nor H.265; BAUTA_ERR_FORMAT and others: not a video; having said why. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_probe_file(struct bauta_file_info *info, const char *path, const struct bauta_log *log);

/* Feeds the video of a file to `*inspector`, which it makes and the caller frees. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_inspect_file(struct bauta_inspector **inspector,
                                                                struct bauta_file_info *info,
                                                                const char *path,
                                                                const struct bauta_log *log);

/* How the recovery data of a recording shall change; its pictures stay as they are. Erase, lock,
 * both (everything goes), or rewrap. */
struct bauta_amend_settings {
    const char *input, *output, *format; /* as above, and the next two */
    bool replace;
    unsigned mode;
    /* Erase: */
    bool erase;              /* capsules; of these people (NULL: everybody), classes and time, */
    const uint32_t *targets; /* of which epochs that overlap it are taken whole */
    int n_targets;
    unsigned classes;        /* default all */
    double since_s, until_s; /* since <= t < until; default everything */
    /* Lock: everybody's envelopes go, and no recipient's key opens anything any more. Without
     * `erase` the originals stay: a grant that was made before opens them still. With it nothing of
     * them is left, so it is for everybody, all classes and all times. */
    bool erase_envelopes;
    /* Rewrap: */
    const struct bauta_private_key *key; /* of a recipient; needed to add some */
    const struct bauta_public_key *const *add;
    int n_add;
    const struct bauta_group *const *add_groups;
    int n_add_groups;
    const struct bauta_public_key *const *remove;
    int n_remove;
    const struct bauta_group *const *remove_groups;
    int n_remove_groups;
    const char *reason;                          /* at most 1024 bytes */
    uint64_t utc_ms;                             /* now */
    const struct bauta_signing_key *signing_key; /* so that it verifies still; or NULL */
    const struct bauta_log *log;
    void *user;
    bauta_complete_function *complete; /* or NULL */
    /* Told before that of each of `targets` and each stream that they were erased in, with how many
     * capsules; may be NULL. */
    void (*person)(void *user, const struct bauta_met_person *person);
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

struct bauta_amend_result {
    uint64_t n_pictures, n_epochs, n_streams; /* that were changed */
    uint64_t n_signed; /* of these epochs; of the others who verifies finds nothing of it */
    /* Times of the first and last picture of the epochs that something was erased of: they go
     * whole, so this can be more than was asked for. NAN: nothing, or no picture of them is shown.
     */
    double first_s, last_s;
    /* What is gone from the file, copies that stood elsewhere included: */
    uint64_t n_capsules, capsule_bytes; /* capsules that were to be erased, and their size */
    uint64_t n_envelopes;               /* unless it was rewrapped */
    uint64_t n_unread; /* messages of Bauta that cannot be read: who erases loses them, too */
    /* Pictures in that time that were hidden whole, if the originals of these were not asked for:
     * they stay, and whoever is in them. */
    uint64_t n_whole;
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE]; /* of the first stream */
    bool truncated;
};

BAUTA_API void bauta_amend_settings_init(struct bauta_amend_settings *settings);
/* Writes the amended recording, without encoding anything anew. BAUTA_ERR_NOT_FOUND: there is
 * nothing to erase, or nobody to take away; BAUTA_ERR_DENIED: the key opens nothing of it;
 * BAUTA_ERR_UNSUPPORTED: who rewraps would leave no recipient. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_amend_file(struct bauta_amend_result *result, const struct bauta_amend_settings *settings);

BAUTA_API void bauta_grant_settings_init(struct bauta_grant_settings *settings);
/* Makes a grant, or with a group the request for one; the caller frees it. BAUTA_ERR_DENIED: who
 * grants cannot open the recording; BAUTA_ERR_NOT_FOUND: nothing that was asked for is in it, or
 * one of `targets` is not. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_grant_file(struct bauta_grant **grant, const struct bauta_grant_settings *settings);

/* Verifies the video of a file; settings->codec is not read, and the file's own taken. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_verify_file(struct bauta_verification *verification, struct bauta_file_info *info,
                  const char *path, const struct bauta_verifier_settings *settings,
                  const struct bauta_log *log);

/* Several files, which may be pieces of recordings, as a live service writes them. */
struct bauta_pieces_settings {
    const char *const *paths;
    size_t n_paths;
    /* Whether a recording that goes on before or behind a single file is one of pieces, too: NULL:
     * none is. */
    const bool *alone;
    const struct bauta_signer *const *signers;
    int n_signers;
    void *user;
    bool (*goes_on)(void *user); /* asked between files; false: BAUTA_ERR_CANCELLED. May be NULL */
    /* Findings of one of the files; those of the recording as a whole are of the file at which they
     * show. */
    void (*found)(void *user, size_t path, const struct bauta_finding *finding);
    void (*not_covered)(void *user, size_t path, const char *what, bool pictures);
    /* Called for each file of a recording that was judged, in order, before `judged`. A file with
     * epochs that another one has, too, is a copy: it is judged in a `round` of its own, from 1, in
     * the other one's place, and what is said is about it alone. */
    void (*file)(void *user, size_t path, const struct bauta_file_info *info, uint64_t n_pictures);
    void (*judged)(void *user, const size_t *paths, size_t n_paths, size_t round,
                   const struct bauta_verification *verification);
    uint64_t reserved[BAUTA_N_RESERVED]; /* for later settings: 0 */
};

/* Verifies those recordings that stand in more than one of the files, or in one that is `alone`,
 * each as a whole: its files in the order of their epochs, whatever they are called. Files that
 * cannot be read, or are no pieces, are passed over. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_verify_pieces(const struct bauta_pieces_settings *settings);

#endif
