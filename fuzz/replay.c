/* SPDX-License-Identifier: Apache-2.0 */

/* Runs a fuzz target over every file of its corpus, as an ordinary test:
 * replay FOLDER. TAP output. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    static uint8_t data[1 << 20];
    size_t size = fread(data, 1, sizeof(data), file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1); /* so that reading past the end is seen */
    if (!exact)
        return 0;
    for (size_t i = 0; i < size; i++)
        exact[i] = data[i];
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

int main(int argc, char **argv)
{
    int n_files = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder)
        return 1;
    LLVMFuzzerTestOneInput(NULL, 0);
    for (const struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
        if (entry->d_name[0] != '.')
            n_files += run_file(path);
    }
    closedir(folder);
    printf("1..1\n%s 1 - the_corpus_of_%d_files_keeps_the_law\n", n_files ? "ok" : "not ok",
           n_files);
    return n_files == 0;
}
