"""The crop of the self-test is the one that the app makes."""

import numpy as np

from mien.self_test import crop

# As src/engine/landmark/self-test.test.ts has it.
SMALL = [
    [65, 78, 93, 93, 78, 65],
    [69, 93, 120, 120, 93, 69],
    [74, 97, 121, 121, 97, 74],
    [78, 118, 120, 120, 118, 78],
    [79, 124, 178, 178, 124, 79],
    [76, 114, 154, 154, 114, 76],
    [71, 98, 130, 130, 98, 71],
    [66, 82, 100, 100, 82, 66],
]


def test_the_crop_is_the_apps() -> None:
    assert np.array_equal(crop(6, 8), SMALL)
