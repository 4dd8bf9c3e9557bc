/* SPDX-License-Identifier: Apache-2.0 */
#include "service_state.h"

#include <string.h>

struct camera *service_state_find_camera(const struct service_state *state, const char *name)
{
    for (int i = 0; i < state->config->n_cameras; i++)
        if (strcmp(state->config->cameras[i]->name, name) == 0)
            return state->cameras[i];
    return NULL;
}

bool service_state_alive(const struct service_state *state)
{
    for (int i = 0; i < state->config->n_cameras; i++)
        if (!camera_alive(state->cameras[i]))
            return false;
    return true;
}
