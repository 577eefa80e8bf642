"""Films as the app exports them under OpenFace's column names, read by pandas as scripts for OpenFace read theirs."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas
import pytest
from conftest import face_points

ROOT = Path(__file__).parents[2]
ROUND_TRIP_PX = 1e-3
ANGLE_RAD = 1e-4
TIME_S = 1e-6

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules" / "vite").is_dir(),
    reason="the app's own writer needs Node and its packages",
)

GAZE = ["gaze_0_x", "gaze_0_y", "gaze_0_z", "gaze_1_x", "gaze_1_y", "gaze_1_z", "gaze_angle_x", "gaze_angle_y"]
POSE = ["pose_Tx", "pose_Ty", "pose_Tz", "pose_Rx", "pose_Ry", "pose_Rz"]
HEAD = ["frame", "face_id", "timestamp", "confidence", "success"]


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> tuple[pandas.DataFrame, list[list[np.ndarray]]]:
    """The table, and the true points of each frame's faces: two, none, one."""
    folder = tmp_path_factory.mktemp("film")
    truth = [[face_points((100, 90), 80), face_points((300, 90), 70)], [], [face_points((110, 90), 80)]]
    frames = [
        {"timeMs": 1001 / 30 * i, "faces": [face.flatten().tolist() for face in faces]} for i, faces in enumerate(truth)
    ]
    (folder / "frames.json").write_text(json.dumps(frames))
    script = ["node", "scripts/run-ts.mjs", "tests/fixtures/write-film-export.ts"]
    out = folder / "film.openface.csv"
    subprocess.run([*script, folder / "frames.json", out, "openface"], cwd=ROOT, check=True, timeout=120)
    return pandas.read_csv(out), truth


def test_columns_are_openface_s(film):
    table, truth = film
    count = len(truth[0][0])
    points = [f"{axis}_{i}" for axis in "xy" for i in range(count)]
    assert table.columns.tolist() == HEAD + GAZE + POSE + points + ["AU12_r", "AU26_r", "AU12_c", "AU26_c"]


def test_rows_are_frames_and_faces(film):
    table, _ = film
    assert table[["frame", "face_id", "success"]].values.tolist() == [[1, 0, 1], [1, 1, 1], [2, 0, 0], [3, 0, 1]]
    assert table["timestamp"].tolist() == pytest.approx([0, 0, 1.001 / 30, 2.002 / 30], abs=TIME_S)


def test_points_count_from_pixel_centres(film):
    table, truth = film
    faces = np.array([face for faces in truth for face in faces])
    seen = table[table["success"] == 1]
    found = np.stack([seen.filter(regex=rf"^{axis}_\d+$").to_numpy() for axis in "xy"], axis=-1)
    assert found.shape == faces.shape
    assert np.abs(found + 0.5 - faces).max() < ROUND_TRIP_PX


def test_pose_has_openface_s_units_and_signs(film):
    table, _ = film
    rows = table.to_dict("records")
    assert [rows[0][column] for column in POSE[:3]] == [10, -20, 600]
    # To the right of the picture is a negative yaw.
    assert [rows[0][column] for column in POSE[3:]] == pytest.approx([0, -np.pi / 18, 0], abs=ANGLE_RAD)
    assert [rows[2][column] for column in POSE] == [0] * 6
    assert (rows[0]["AU12_r"], rows[0]["AU12_c"]) == (2.5, 1)


def test_gaze_has_openface_s_axes_and_signs(film):
    table, _ = film
    rows = table.to_dict("records")
    # The head is 1 cm right of the axis, 2 cm above it, 60 cm away, turned by 10° to the right; its eyes 3.1 cm aside.
    head = np.array([1, -2, 60])
    own_left = np.array([np.cos(np.pi / 18), 0, np.sin(np.pi / 18)])

    def looking(place):
        """20° to the right of the line from there to the camera."""
        back = -place / np.linalg.norm(place)
        right = np.cross(back, [0, 1, 0])
        return np.sin(np.pi / 9) * right / np.linalg.norm(right) + np.cos(np.pi / 9) * back

    for eye, side in ((0, -1), (1, 1)):
        expected = looking(head + side * 3.1 * own_left)
        assert expected[0] > 0.25
        assert [rows[0][f"gaze_{eye}_{axis}"] for axis in "xyz"] == pytest.approx(expected, abs=ANGLE_RAD)
    x, y, z = looking(head)
    assert rows[0]["gaze_angle_x"] == pytest.approx(np.arctan2(x, -z), abs=ANGLE_RAD)
    assert rows[0]["gaze_angle_y"] == pytest.approx(np.arctan2(y, -z), abs=ANGLE_RAD)
    # Of a face without gaze, and where there is none.
    assert [rows[i][column] for i in (1, 2) for column in GAZE] == [0] * 16
