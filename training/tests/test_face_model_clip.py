"""The clip of a turning head: which way it turns, and that it stays in the picture."""

import numpy as np
from made_up_head import made_up_head

from mien.face_model.clip import BACKDROP, SIZE, frame, normals_of


def test_normals_point_out_of_the_head():
    model = made_up_head()
    normals = normals_of(model.neutral, model.triangles)
    outward = (normals * (model.neutral - model.neutral.mean(0))).sum(1)
    assert np.mean(outward > 0) > 0.9


def test_a_turned_head_is_lit_and_does_not_leave_the_picture():
    model = made_up_head()
    colours = np.full((len(model.neutral), 3), 200, np.float32)
    for yaw in (0, 45, 90):
        picture = frame(model, colours, yaw)
        assert picture.shape == (SIZE, SIZE, 3)
        head = (picture != np.uint8(BACKDROP)).any(2)
        assert head.any()
        assert not head[0].any()
        assert np.ptp(picture[head].astype(int)) > 20
