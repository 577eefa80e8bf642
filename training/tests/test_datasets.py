"""Readers on tiny files, good and bad, and on the real data where it is."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import DATA, face_points, needs_data

from mien.datasets import (
    READERS,
    DataError,
    load_gray,
    read_300w,
    read_asf,
    read_ibug_xml,
    read_imm,
    read_pts,
    read_set,
    read_youtube,
    write_pts,
)
from mien.pose import mean_shape

ROUND_TRIP_PX = 1e-3
ROWS = "\n".join(f"{i + 1} {2 * i + 1}" for i in range(68))


def picture(path: Path, width=40, height=20) -> Path:
    cv2.imwrite(str(path), np.zeros((height, width), np.uint8))
    return path


@pytest.mark.parametrize("text", [f"version: 1\nn_points:  68\n{{\n{ROWS}\n}}\n", ROWS])
def test_pts_with_and_without_header_lie_at_pixel_centres(tmp_path: Path, text: str):
    (tmp_path / "a.pts").write_text(text)
    points = read_pts(tmp_path / "a.pts")
    assert points.shape == (68, 2)
    np.testing.assert_array_equal(points[0], [0.5, 0.5])  # 1-based pixel 1 is the first pixel, centre at 0.5
    np.testing.assert_array_equal(points[67], [67.5, 134.5])


def test_pts_round_trip(tmp_path: Path):
    write_pts(tmp_path / "a.pts", face_points())
    np.testing.assert_allclose(read_pts(tmp_path / "a.pts"), face_points(), atol=ROUND_TRIP_PX)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ROWS.replace("5 9", "5"), "line 5: expected 2 numbers, found 1"),
        (ROWS.replace("5 9", "5 nan"), "line 5: a coordinate is not finite"),
        (ROWS.replace("5 9", "5 nine"), "line 5: not a number"),
        ("1 2\n3 4", "has 2 points, expected 68"),
        ("n_points: 29\n" + ROWS, "line 1: has 29 points, expected 68"),
        ("", "has 0 points"),
        ("\n".join(["1 2"] * 5 + ["nan nan"] * 63), "has 5 points that were placed, needs at least 6"),
    ],
)
def test_bad_pts_are_named_with_the_line(tmp_path: Path, text: str, words: str):
    (tmp_path / "bad.pts").write_text(text)
    with pytest.raises(DataError, match=r"bad\.pts") as caught:
        read_pts(tmp_path / "bad.pts")
    assert words in str(caught.value)


def test_points_that_nobody_placed_are_nan_and_come_back_so(tmp_path: Path):
    points = face_points()
    points[9:17] = np.nan
    write_pts(tmp_path / "a.pts", points)
    assert "nan nan" in (tmp_path / "a.pts").read_text()
    np.testing.assert_allclose(read_pts(tmp_path / "a.pts"), points, atol=ROUND_TRIP_PX)


def test_cfp_is_held_out_by_person_and_aflw_by_picture_without_its_hidden_jaw(tmp_path: Path):
    shape = mean_shape("ibug68")
    turned = shape[:, :2] * [0.5, 1] + shape[:, 2:] * [[0.866, 0]]  # by 60 degrees, as a 3-D model projects it
    for folder, names in (("cfp/profile", ("400_01", "401_01", "401_02")), ("aflw2000_rest", ("image1", "image2"))):
        (tmp_path / folder).mkdir(parents=True)
        for name in names:
            picture(tmp_path / folder / f"{name}.jpg")
            write_pts(tmp_path / folder / f"{name}.pts", turned * 50 + 60)
    cfp = read_set(tmp_path, "cfp/profile")
    assert [sample.held_out for sample in cfp] == [False, True, True]
    assert [sample.subject for sample in cfp] == ["cfp/400", "cfp/401", "cfp/401"]
    assert all(np.isfinite(sample.points).all() for sample in cfp)
    for sample in read_set(tmp_path, "aflw2000_rest"):
        assert sample.held_out in (True, False)
        assert np.flatnonzero(np.isnan(sample.points[:, 0])).tolist() == list(range(8))


def test_binary_and_missing_files_are_named(tmp_path: Path):
    (tmp_path / "bad.pts").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(DataError, match="is not a text file"):
        read_pts(tmp_path / "bad.pts")
    with pytest.raises(DataError, match=r"none\.pts: cannot be read"):
        read_pts(tmp_path / "none.pts")
    with pytest.raises(DataError, match="no such picture"):
        load_gray(tmp_path / "none.jpg")
    (tmp_path / "cut.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(DataError, match="not a picture"):
        load_gray(tmp_path / "cut.jpg")


def test_a_set_is_read_with_a_list_of_what_was_left_out(tmp_path: Path):
    for name in ("image_0001", "image_0002", "image_0003"):
        (tmp_path / f"{name}.pts").write_text(ROWS)
        picture(tmp_path / f"{name}.jpg")
    (tmp_path / "image_0002.pts").write_text("1 2")
    (tmp_path / "image_0003.jpg").unlink()
    left_out: list[DataError] = []
    samples = read_300w(tmp_path, "mine", left_out)
    assert [sample.image.name for sample in samples] == ["image_0001.jpg"]
    assert [str(error).split(": ")[1] for error in left_out] == [
        "has 1 points, expected 68",
        "has no picture beside it",
    ]
    with pytest.raises(DataError, match="image_0002"):
        read_300w(tmp_path, "mine")


def test_two_faces_of_one_picture_are_one_subject(tmp_path: Path):
    for name in ("1002_1", "1002_2", "1003_1"):
        (tmp_path / f"{name}.pts").write_text(ROWS)
        picture(tmp_path / f"{name}.jpg")
    assert [s.subject for s in read_300w(tmp_path, "helen")] == ["helen/1002", "helen/1002", "helen/1003"]


def xml(parts: str, file="a.jpg") -> str:
    box = f'<box top="1" left="2" width="9" height="9">{parts}</box>'
    return f'<dataset><images><image file="{file}">{box}</image></images></dataset>'


PARTS = "".join(f'<part name="{i:02}" x="{i}" y="{2 * i}"/>' for i in range(68))


def test_ibug_xml(tmp_path: Path):
    picture(tmp_path / "a.jpg")
    (tmp_path / "labels.xml").write_text(xml(PARTS))
    (sample,) = read_ibug_xml(tmp_path / "labels.xml")
    np.testing.assert_array_equal(sample.points[3], [3.5, 6.5])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (xml(PARTS[:-5]), "not well-formed"),
        (xml(PARTS.replace('<part name="67" x="67" y="134"/>', "")), r"a\.jpg: has 67 parts, expected 68"),
        (xml(PARTS.replace('x="5"', 'x="nan"')), "not finite"),
        (xml(PARTS.replace('x="5"', 'x="five"')), "not a number"),
        (xml(PARTS, "b.jpg"), r"b\.jpg: no such picture"),
    ],
)
def test_bad_ibug_xml_is_named(tmp_path: Path, text: str, words: str):
    picture(tmp_path / "a.jpg")
    (tmp_path / "labels.xml").write_text(text)
    with pytest.raises(DataError, match=words):
        read_ibug_xml(tmp_path / "labels.xml")


def test_youtube_csv_is_split_by_person(tmp_path: Path):
    header = "," + ",".join(map(str, range(136)))
    row = ",".join(str(i) for i in range(136))
    names = ("Ann_Lee_00.jpg", "Ann_Lee_41.jpg", "Bo_Ek_00.jpg")
    for name in names:
        picture(tmp_path / name)
    table = tmp_path / "keypoints.csv"
    table.write_text("\n".join([header, *(f"{name},{row}" for name in names)]))
    samples = read_youtube(table, tmp_path)
    assert [s.subject for s in samples] == ["youtube-faces/Ann_Lee"] * 2 + ["youtube-faces/Bo_Ek"]
    np.testing.assert_array_equal(samples[0].points[1], [2.5, 3.5])
    table.write_text("\n".join([header, f"Ann_Lee_00.jpg,{row}", "Ann_Lee_41.jpg,1,2", f"No_One_00.jpg,{row}"]))
    left_out: list[DataError] = []
    assert len(read_youtube(table, tmp_path, left_out)) == 1
    assert "line 3: expected 136 numbers, found 2" in str(left_out[0])
    assert "line 4: No_One_00.jpg: no such picture" in str(left_out[1])


def asf(count: int) -> str:
    rows = "\n".join(f"0 0 {i / 100:.4f} {i / 200:.4f} {i} 0 0 0 0 0" for i in range(count))
    return f"# AAM Shape File\n#\n{count}\n# points\n{rows}\n#\n# host image\n01_01.jpg\n"


@pytest.mark.parametrize("count", [58, 73])
def test_asf_points_are_relative_to_the_picture(tmp_path: Path, count: int):
    (tmp_path / "01_01.asf").write_text(asf(count))
    picture(tmp_path / "01_01.jpg")
    assert read_asf(tmp_path / "01_01.asf").shape == (count, 2)
    (sample,) = read_imm(tmp_path, count)
    np.testing.assert_allclose(sample.points[10], [0.1 * 40, 0.05 * 20], rtol=1e-5)
    with pytest.raises(DataError, match=f"has {count} points, expected 4"):
        read_imm(tmp_path, 4)


def test_bad_asf_is_named(tmp_path: Path):
    (tmp_path / "a.asf").write_text(asf(58).replace("0 0 0.0300 0.0150 3 0 0 0 0 0\n", ""))
    with pytest.raises(DataError, match="has 57 points, its header says 58"):
        read_asf(tmp_path / "a.asf")
    (tmp_path / "a.asf").write_text(asf(58).replace("0 0 0.0300 0.0150 3 0 0 0 0 0\n", "0 0 0.03\n"))
    with pytest.raises(DataError, match="line 8: expected 10 columns, found 3"):
        read_asf(tmp_path / "a.asf")


def test_an_unknown_set_is_named(tmp_path: Path):
    with pytest.raises(DataError, match="no such data set"):
        read_set(tmp_path, "nowhere")


@needs_data
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("300w/lfpw/trainset", 805), ("300w/lfpw/testset", 224), ("300w/helen/trainset", 870), ("300w/afw", 337),
        ("youtube_faces/training", 3462), ("youtube_faces/test", 770), ("imm_frontal", 120),
    ],
)  # fmt: skip
def test_the_real_sets_are_read_whole(name: str, count: int):
    assert name in READERS
    samples = read_set(DATA, name)
    assert len(samples) == count
    height, width = load_gray(samples[0].image).shape
    middle = samples[0].points.mean(0)
    assert 0 < middle[0] < width
    assert 0 < middle[1] < height
