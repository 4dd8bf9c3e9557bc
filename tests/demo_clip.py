# SPDX-License-Identifier: Apache-2.0
"""For the tests that play the demo clip."""
import os
import sys


def demo_clip():
    """Its path. Without the clip the test ends here and says what is missing: what follows would blame other things."""
    path = os.environ.get("BAUTA_DEMO_CLIP") or "/usr/share/doc/opencv-doc/examples/data/vtest.avi"
    if not os.path.isfile(path):
        print("Bail out! BAUTA_DEMO_CLIP names no file: ./dev test gets the demo clip and sets it; "
              "or run ./dev setup and set it to vendor/clips/vtest.avi", flush=True)
        sys.exit(1)
    return path
