/* SPDX-License-Identifier: Apache-2.0 */
/* The process in which a detector works for a camera: see bauta/detector.h. */
#include <stdio.h>
#include <stdlib.h>

#include <bauta/detector.h>

int main(int argc, char **argv)
{
    int socket = argc == 2 ? atoi(argv[1]) : 0;
    if (socket > 2)
        return bauta_detector_process_serve(socket);
    fprintf(stderr, "bauta-detector is started by programs that look for people, with a socket; it "
                    "does nothing by itself\n");
    return 2;
}
