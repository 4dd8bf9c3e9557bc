/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include "memory_file.h"
#include "regions.h"

/* Law: a file of regions is taken or refused; what is taken of it is of rising pictures, and no
 * more regions than a picture has room for; of a picture without a line nothing is known. */
enum { MAX_PICTURES = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct bauta_region found[BAUTA_MAX_REGIONS];
    struct memory_file file;
    memory_file_open(&file, (struct bauta_bytes){data, size});
    struct regions *regions = regions_open(file.path);
    uint64_t picture, last = 0;
    for (int n = 0; regions && n < MAX_PICTURES && regions_next(regions, &picture); n++) {
        int n_found = 0, width, height;
        LAW(n == 0 || picture > last);
        if (picture > 0 && (n == 0 || picture > last + 1)) {
            LAW(!regions_of(regions, found, &n_found, picture - 1, 0, 0));
            LAW(n_found == BAUTA_REGIONS_UNKNOWN);
        }
        last = picture;
        if (regions_size(regions, &width, &height))
            LAW(width > 0 && height > 0);
        if (regions_of(regions, found, &n_found, picture, 0, 0))
            break;
        LAW(n_found >= 0 && n_found <= BAUTA_MAX_REGIONS + 1);
        for (int i = 0; i < n_found && i < BAUTA_MAX_REGIONS; i++)
            LAW(found[i].class_ >= BAUTA_CLASS_FACE && found[i].class_ <= BAUTA_CLASS_BODY);
    }
    if (regions)
        regions_warn_rest(regions, "nothing");
    regions_close(&regions);
    memory_file_close(&file);
    return 0;
}
