/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_STATUS_H
#define BAUTA_STATUS_H

/* What a call that can fail returns. */
enum bauta_status {
    BAUTA_OK = 0,
    BAUTA_ERR_ARGUMENT,    /* the caller broke the contract in the header */
    BAUTA_ERR_MEMORY,      /* no memory */
    BAUTA_ERR_IO,          /* a file could not be opened, read, written or renamed */
    BAUTA_ERR_EXISTS,      /* a file that must not be overwritten is there already */
    BAUTA_ERR_FORMAT,      /* the input is damaged, or is not what it should be */
    BAUTA_ERR_UNSUPPORTED, /* the input is sound, but this version cannot handle it */
    BAUTA_ERR_LIMIT,       /* a limit that guards against hostile input was passed */
    BAUTA_ERR_NOT_FOUND,   /* what was asked for is not there: no recovery data, no capsule */
    BAUTA_ERR_DENIED,      /* this key opens nothing here, or the passphrase is wrong */
    BAUTA_ERR_TAMPERED,    /* a seal did not verify: the data are not as they were made */
    BAUTA_ERR_DETECTOR,    /* the detector or its model failed */
    BAUTA_ERR_CODEC,       /* an encoder or a decoder failed */
    BAUTA_ERR_CRYPTO,      /* the cryptographic library failed */
    BAUTA_ERR_CANCELLED    /* the caller asked to stop */
};

#if defined(__GNUC__)
#define BAUTA_MUST_CHECK            __attribute__((warn_unused_result))
#define BAUTA_PRINTF(string, first) __attribute__((format(printf, string, first)))
#define BAUTA_API                   __attribute__((visibility("default")))
#else
#define BAUTA_MUST_CHECK
#define BAUTA_PRINTF(string, first)
#define BAUTA_API
#endif

/*
 * Settings can grow without breaking programs that were built before. A settings struct has its
 * size for as long as the library's soname stays: a new setting takes the first words of
 * `reserved`, and 0 there means what was done before. So leave `reserved` 0, as ..._settings_init()
 * does, or an initialiser like {.input = path}.
 */
#define BAUTA_N_RESERVED 8

/* A short English phrase for `status`, never NULL; for people, after the name of the file
 * concerned. */
BAUTA_API const char *bauta_status_text(enum bauta_status status);

#endif
