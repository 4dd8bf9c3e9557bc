/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONFIG_PARTS_H
#define CONFIG_PARTS_H

#include "config.h"
#include "reader.h"

/* The parts of config.c: each reads one group, whole, and leaves what is wrong with the reader. */
void config_read_service(struct service_config *config, struct reader *reader);
/* The keys of the group "camera NAME"; NULL if it is not even named as one should be. */
struct camera_config *config_read_camera(struct reader *reader, const struct config_checks *checks,
                                         const char *name);
void config_read_stream(struct stream_config *stream, struct reader *reader, const char *prefix);
void config_read_protection(struct camera_config *camera, struct reader *reader);
void config_free_camera(struct camera_config *camera);
void config_free_service(struct service_config *config);
/* The users' file that [service] names. */
void config_read_users(struct service_config *config, struct reader *reader, const char *path);

#endif
