# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts that play the demo clip.

# need_demo_clip -> CLIP. Without the clip the test ends here and says what is missing: what follows would blame other things.
need_demo_clip() {
    CLIP=${BAUTA_DEMO_CLIP:-/usr/share/doc/opencv-doc/examples/data/vtest.avi}
    [ ! -f "$CLIP" ] || return 0
    echo "Bail out! BAUTA_DEMO_CLIP names no file: ./dev test gets the demo clip and sets it; or run ./dev setup and set it to vendor/clips/vtest.avi"
    exit 1
}
