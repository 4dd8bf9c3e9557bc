/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ONVIF_PARTS_H
#define ONVIF_PARTS_H

#include "onvif.h"
#include "soap.h"

/* What the services share among each other. */

/* Faults, by the names of ONVIF's Core Specification, section 5.8.2, and of the Media
 * Specification. */
enum onvif_fault {
    ONVIF_FINE,
    ONVIF_NOT_WELL_FORMED,
    ONVIF_NO_SUCH_VERSION,
    ONVIF_UNKNOWN_ACTION,
    ONVIF_NOT_AUTHORIZED,
    ONVIF_NO_SUCH_SERVICE,
    ONVIF_NO_PROFILE,
    ONVIF_NO_CONFIG,
    ONVIF_NO_SOURCE,
    ONVIF_BAD_SETUP, /* of a stream */
    ONVIF_NO_SNAPSHOT,
    ONVIF_N_FAULTS
};

/* One request. */
struct onvif_call {
    const struct onvif_site *site;
    const struct soap *soap;
    gint64 now_us; /* of the wall clock */
};

/* Appends the answer to the envelope's body, or gives a fault; what was appended then is dropped.
 */
typedef enum onvif_fault onvif_action(GString *out, const struct onvif_call *call);

struct onvif_row {
    const char *name;
    onvif_action *action;
    bool open; /* for everybody: PRE_AUTH of the Core Specification, section 5.9.4.3 */
};

/* Tables that end with an empty row. */
extern const struct onvif_row onvif_device_rows[], onvif_media_rows[], onvif_media2_rows[];

const char *onvif_namespace(enum onvif_service service);

/* Capabilities elements of GetServiceCapabilities; also for GetServices. */
void onvif_put_device_capabilities(GString *out);
void onvif_put_media_capabilities(GString *out, int n_profiles);
void onvif_put_media2_capabilities(GString *out, int n_profiles);

/* Of a profile: its token, and that of its encoder's configuration; the caller frees it. */
char *onvif_token(const struct onvif_profile *profile);
/* NULL if there is none, or `token` is NULL. */
const struct onvif_profile *onvif_find_profile(const struct onvif_site *site, const char *token);
/* The main profile of a camera, by the camera's name, which is the token of its video source. */
const struct onvif_profile *onvif_find_source(const struct onvif_site *site, const char *token);
/* How often a configuration is used: a source by its camera's profiles. */
int onvif_source_uses(const struct onvif_profile *profile);
const struct stream_config *onvif_stream_config(const struct onvif_profile *profile);
/* Pictures from one random access point to the next. */
int onvif_gov_length(const struct onvif_profile *profile);
/* 0 to 51, higher is better: the other end of CRF's scale. */
int onvif_quality(const struct onvif_profile *profile);
/* In kbit/s; a large number where there is no limit. */
int onvif_bitrate(const struct onvif_profile *profile);
/* The caller frees them. Scheme and address of the stream's door are `base`. */
char *onvif_stream_uri(const struct onvif_profile *profile, const char *base);
char *onvif_snapshot_uri(const struct onvif_profile *profile, const struct onvif_site *site);
/* Elements of tt:VideoSourceConfiguration. */
void onvif_put_source(GString *out, const struct onvif_profile *profile);

#endif
