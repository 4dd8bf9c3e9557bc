/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_H
#define CONFIG_H

#include <glib.h>
#include <stdbool.h>

/*
 * The configuration of the service, as its file says it; a GKeyFile with a group [service] and a
 * group [camera NAME] for each camera. docs/live.md lists every key. Strings are never NULL (""
 * where nothing was said), lists end with NULL; paths are absolute, relative ones being taken from
 * the file's own folder.
 */

enum { CONFIG_MAX_PROTECT = 40, CONFIG_MAX_CAMERAS = 64 };

enum source_kind { SOURCE_RTSP, SOURCE_V4L2, SOURCE_FILE, SOURCE_TEST };
enum record_format { RECORD_MP4, RECORD_MKV };

enum { SOURCE_TURN_AUTO = -1 };

struct source_config {
    enum source_kind kind;
    char *location; /* URL, device, path, or pattern of the test picture */
    char *user, *password;
    char *fingerprint; /* of the certificate that an rtsps:// camera shows; "": see authorities */
    char *authorities; /* PEM file of those who may vouch for it; "": the system's */
    bool udp;          /* RTSP's transport; else TCP */
    int latency_ms;    /* of RTSP's jitter buffer */
    int stall_s;       /* without a picture, until it is opened anew */
    int width, height, rate; /* to scale to before protection; 0: as it comes */
    int turn;                /* degrees clockwise, before all else; SOURCE_TURN_AUTO: find out */
    int pixel_width, pixel_height; /* shape of a pixel; 0: as it says itself */
};

/* Of one encoded stream. */
struct stream_config {
    char *encoder; /* "x264", "x265" or a GStreamer element with its properties */
    char *preset;
    int bitrate_kbps; /* 0: by quality */
    int quality;      /* CRF of x264 and x265 */
    char *recovery;   /* "lossy", "lossless", "none" */
    int recovery_qp;
    int width, height, rate; /* 0: as the main stream; of the sub stream only */
};

struct record_config {
    char *directory; /* "": nothing is recorded */
    bool sub;        /* the sub stream instead of the main one */
    enum record_format format;
    int segment_s;
    gint64 retention_s; /* older segments are deleted; 0: never */
    gint64 limit_bytes; /* oldest segments are deleted above it; 0: no limit */
};

struct camera_config {
    char *name;        /* letters, digits, '-' and '_' */
    char *fingerprint; /* of all that was said of it and of the contents of its key files */
    struct source_config source;
    char **recipients; /* files of public keys and groups */
    char *sign, *sign_passphrase_file;
    /* Properties of bautaprotect by name and text, in the order of the file; each is set with
     * gst_util_set_object_arg(). */
    int n_protect;
    struct {
        char *name, *value;
    } protect[CONFIG_MAX_PROTECT];
    struct stream_config main, sub;
    bool has_sub;
    bool has_snapshot;
    int snapshot_quality;
    struct record_config record;
};

struct user_config {
    char *name, *password;
};

/* "HOST:PORT", split; port 0: off. */
struct address_config {
    char *host;
    int port;
};

struct service_config {
    char *path; /* of the file */
    struct address_config rtsp, rtsps, http, https;
    char *certificate, *private_key;
    struct user_config *users;
    int n_users;
    bool anonymous; /* no user is asked for */
    char *realm;
    bool log_json;
    bool onvif;
    char *name, *address;
    struct camera_config **cameras;
    int n_cameras;
};

/* What only those can judge who will use it. Each gives NULL, or what is wrong, a sentence that
 * config_read() frees. */
struct config_checks {
    char *(*source)(const struct source_config *config);
    char *(*encoder)(const struct stream_config *config);
};

/* Reads and checks `path`, and that every file it names can be read as what it should be. NULL if
 * anything is wrong; `problems` (of char *, which the caller frees) then has a sentence for each,
 * naming the file, group and key. */
struct service_config *config_read(const char *path, const struct config_checks *checks,
                                   GPtrArray *problems);
void config_free(struct service_config *config);
/* Whether two cameras are set up alike, so that a reload leaves one running. */
bool config_same_camera(const struct camera_config *a, const struct camera_config *b);

#endif
