// SPDX-License-Identifier: Apache-2.0
// For the tests that play the demo clip.
import { existsSync } from "node:fs";

/** Its path. Without the clip the test ends here and says what is missing: what follows would blame other things. */
export function demoClip() {
  const path = process.env.BAUTA_DEMO_CLIP || "/usr/share/doc/opencv-doc/examples/data/vtest.avi";
  if (existsSync(path)) return path;
  console.log("Bail out! BAUTA_DEMO_CLIP names no file: ./dev test gets the demo clip and sets it; " +
    "or run ./dev setup and set it to vendor/clips/vtest.avi");
  process.exit(1);
}
