# SPDX-License-Identifier: Apache-2.0
"""Pictures as NanoDet wants them, by way of ffmpeg."""
import subprocess

import numpy as np

# Of ImageNet, in the order blue, green, red, from NanoDet's configuration.
MEAN = np.array([103.53, 116.28, 123.675], np.float32).reshape(3, 1, 1)
DEVIATION = np.array([57.375, 57.12, 58.395], np.float32).reshape(3, 1, 1)


def read(path, width, height, every=1):
    """Gives each `every`th picture of a clip, or a photo: as large as fits, in the top left corner, black
    around; [1, 3, height, width], normalised."""
    size = f'{width}:{height}'
    fit = (f"select='not(mod(n,{every}))',scale={size}:force_original_aspect_ratio=decrease:flags=area,"
           f'pad={size}:0:0')
    raw = subprocess.run(['ffmpeg', '-v', 'error', '-i', path, '-an', '-vsync', '0', '-vf', fit, '-f', 'rawvideo',
                          '-pix_fmt', 'bgr24', '-'], check=True, stdout=subprocess.PIPE).stdout
    for pixels in np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3):
        yield ((pixels.transpose(2, 0, 1) - MEAN) / DEVIATION)[np.newaxis]
