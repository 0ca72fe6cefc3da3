"""The drawings of the exercises: bodies that can be, positions that the text names, and one small sprite."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.template import Context, Template

from edge.sheets import CatalogueError
from exercises import catalogue, figures, figures_body, figures_pen, figures_sprite
from exercises.figures_binding import HEIGHT, INHERITED, WIDTH
from exercises.figures_body import Body, PoseError, angle

FIGURES = [(exercise_id, phase) for exercise_id, phases in figures.poses().items() for phase in phases]
SVG = "{http://www.w3.org/2000/svg}"
# A body that lies on the floor may sink in by a hair, as flesh does.
HAIR = 1.2
SEGMENTS = {
    "hip knee": 24.5,
    "knee ankle": 24.0,
    "shoulder elbow": 17.5,
    "elbow wrist": 14.5,
    "wrist hand": 5.5,
    "heel toe": 12.1,
}


def body(exercise_id: str, phase: str) -> Body:
    return figures_body.build(figures.poses()[exercise_id][phase])


def height(figure: Body, name: str) -> float:
    return figure.joints[name][1]


@pytest.fixture(scope="module")
def drawn() -> str:
    return figures_sprite.sprite(figures.poses())


@pytest.fixture(scope="module")
def symbols() -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(figures.SPRITE_FILE.read_bytes())
    return {symbol.get("id", ""): symbol for symbol in root.iter(f"{SVG}symbol")}


# The sprite.


def test_the_committed_sprite_is_what_the_poses_make(drawn: str) -> None:
    assert figures.SPRITE_FILE.read_text(encoding="utf-8") == drawn, "Run `make figures` and commit the sprite."


def test_the_sprite_takes_at_most_forty_kilobytes() -> None:
    assert figures.SPRITE_FILE.stat().st_size <= figures.MOST_BYTES == 40 * 1024


def test_every_exercise_of_the_catalogue_has_a_start_and_an_end() -> None:
    assert set(figures.poses()) == set(catalogue.current().exercises)
    assert all({"start", "end"} <= set(phases) for phases in figures.poses().values())


def test_every_figure_is_a_symbol_in_the_same_frame(symbols: dict[str, ElementTree.Element]) -> None:
    assert set(symbols) == {f"{exercise_id}-{phase}" for exercise_id, phase in FIGURES}
    assert {symbol.get("viewBox") for symbol in symbols.values()} == {f"0 0 {WIDTH} {HEIGHT}"}


def test_every_symbol_says_what_it_shows(symbols: dict[str, ElementTree.Element]) -> None:
    for name, symbol in symbols.items():
        title, description = symbol.find(f"{SVG}title"), symbol.find(f"{SVG}desc")
        assert title is not None
        assert title.text, name
        assert description is not None
        assert description.text, name
        assert description.text.endswith("."), name


@pytest.mark.parametrize(("exercise_id", "phase"), FIGURES)
def test_a_description_is_one_short_plain_sentence(exercise_id: str, phase: str) -> None:
    sentence = figures.description(exercise_id, phase)
    assert sentence.count(".") == 1
    assert len(sentence.split()) <= 20


def test_figures_of_one_exercise_differ(symbols: dict[str, ElementTree.Element]) -> None:
    for exercise_id, phases in figures.poses().items():
        drawings = {
            b"".join(ElementTree.tostring(part) for part in list(symbols[f"{exercise_id}-{phase}"])[2:])
            for phase in phases
        }
        assert len(drawings) == len(phases), exercise_id


def test_no_pointer_in_the_sprite_leads_nowhere() -> None:
    sprite = figures.SPRITE_FILE.read_text(encoding="utf-8")
    ids = re.findall(r'id="([^"]+)"', sprite)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', sprite)) <= set(ids)


def test_colours_are_the_pages_own() -> None:
    sprite = figures.SPRITE_FILE.read_text(encoding="utf-8") + INHERITED
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', sprite))
    assert all(colour == "currentColor" or colour.startswith("var(--") for colour in colours)
    assert 'stroke="currentColor"' in INHERITED


def test_the_sprite_runs_nothing_and_fetches_nothing() -> None:
    sprite = figures.SPRITE_FILE.read_text(encoding="utf-8")
    assert not re.search(r"<script|<style|<image|<foreignObject|\son\w+=|https?://(?!www\.w3\.org/2000/svg)", sprite)


@pytest.mark.parametrize(("exercise_id", "phase"), FIGURES)
def test_nothing_leaves_the_frame(exercise_id: str, phase: str) -> None:
    left, top, right, bottom = figures_sprite.picture(figures.poses()[exercise_id], phase).bounds()
    assert right - left <= WIDTH - 2 * figures_sprite.MARGIN
    assert bottom - top <= HEIGHT - 2 * figures_sprite.MARGIN


# The body.


@pytest.mark.parametrize(("exercise_id", "phase"), FIGURES)
def test_no_limb_grows_or_shrinks(exercise_id: str, phase: str) -> None:
    figure = body(exercise_id, phase)
    for side in ("right", "left"):
        for segment, length in SEGMENTS.items():
            start, end = segment.split()
            measured = math.dist(figure.joints[f"{side}_{start}"], figure.joints[f"{side}_{end}"])
            assert measured == pytest.approx(length, abs=0.05), segment


@pytest.mark.parametrize(("exercise_id", "phase"), FIGURES)
def test_nothing_sinks_into_the_floor(exercise_id: str, phase: str) -> None:
    figure = body(exercise_id, phase)
    for name in figure.joints.keys() - {"face"}:
        assert height(figure, name) - figures_body.thickness(name) >= -HAIR, name


@pytest.mark.parametrize(("exercise_id", "phase"), FIGURES)
def test_something_bears_the_weight(exercise_id: str, phase: str) -> None:
    pose, figure = figures.poses()[exercise_id][phase], body(exercise_id, phase)
    resting = min(height(figure, name) - figures_body.thickness(name) for name in pose["rest"]["by"])
    assert resting == pytest.approx(pose["rest"]["height"], abs=0.05)


@pytest.mark.parametrize("phase", ["start", "end"])
@pytest.mark.parametrize("exercise_id", ["EX-02", "EX-05", "EX-06", "EX-07", "EX-16"])
def test_the_standing_foot_is_flat_on_the_floor(exercise_id: str, phase: str) -> None:
    figure = body(exercise_id, phase)
    for name in ("left_heel", "left_toe"):
        assert height(figure, name) - figures_body.thickness(name) == pytest.approx(0, abs=0.3)


def test_a_joint_beyond_its_range_is_refused() -> None:
    pose = {**figures.poses()["EX-07"]["start"], "right_leg": {"hip": [150, 0, 0], "knee": 90}}
    with pytest.raises(PoseError, match=r"right hip flexion is 150 degrees. Keep it from -25 to 130\."):
        figures_body.build(pose)


def test_a_hand_that_cannot_reach_is_refused() -> None:
    pose = {**figures.poses()["EX-07"]["start"], "right_arm": {"hand": [60, 0, 0], "elbow_to": [0, 1, 0]}}
    with pytest.raises(PoseError, match=r"right hand is .* away. The limb reaches 37\.5\."):
        figures_body.build(pose)


def test_a_figure_that_leaves_the_frame_is_refused() -> None:
    pose = {**figures.poses()["EX-07"]["start"], "props": [{"kind": "mat", "x": [-90, 90], "z": [-9, 9]}], "arrows": []}
    with pytest.raises(PoseError, match=r"EX-07 is 3\d\d by .* The frame is 280 by 224"):
        figures_sprite.sprite({"EX-07": {"start": pose}})


# The positions that clinical.md 4.3 names.


def test_ex_04_stretches_with_the_hip_about_sixty_degrees_across_and_turned_in() -> None:
    for phase in ("end", "lying-end"):
        angles = body("EX-04", phase).angles()
        assert 50 <= angles["right hip flexion"] <= 70
        assert angles["right hip abduction"] <= -15
        assert angles["right hip rotation"] <= -20


def test_ex_05_rests_the_ankle_on_the_other_knee() -> None:
    for phase in figures.phases("EX-05"):
        joints = body("EX-05", phase).joints
        assert math.dist(joints["right_ankle"], joints["left_knee"]) < 9


def test_ex_05_tips_forward_from_the_hips_with_a_straight_back() -> None:
    start, end = body("EX-05", "start"), body("EX-05", "end")
    assert angle(start.frames["pelvis"].up, end.frames["pelvis"].up) >= 10
    assert abs(end.angles()["spine flexion"]) < 1


def test_ex_06_stretches_with_the_hip_past_a_right_angle_across_and_turned_out() -> None:
    angles = body("EX-06", "end").angles()
    assert angles["right hip flexion"] > 100
    assert angles["right hip abduction"] <= -15
    assert angles["right hip rotation"] >= 20


def test_ex_06_brings_the_knee_towards_the_opposite_shoulder() -> None:
    start, end = body("EX-06", "start").joints, body("EX-06", "end").joints
    distances = [math.dist(joints["right_knee"], joints["left_shoulder"]) for joints in (start, end)]
    assert distances[1] < distances[0] - 4


def test_ex_07_starts_with_two_right_angles_and_points_the_toes_as_the_knee_straightens() -> None:
    start, end = body("EX-07", "start"), body("EX-07", "end")
    assert start.angles()["right hip flexion"] == pytest.approx(90, abs=1)
    assert start.angles()["right knee flexion"] == pytest.approx(90, abs=1)
    assert end.angles()["right hip flexion"] == pytest.approx(90, abs=1)
    assert end.angles()["right knee flexion"] < 45
    bent, straight = (
        angle(figure.bone("right_ankle", "right_toe"), figure.bone("right_ankle", "right_knee"))
        for figure in (start, end)
    )
    assert straight > bent + 30


@pytest.mark.parametrize("exercise_id", ["EX-08", "EX-09", "EX-10"])
def test_sliders_look_up_as_the_knee_straightens_and_down_as_it_bends(exercise_id: str) -> None:
    bent, straight = body(exercise_id, "start").angles(), body(exercise_id, "end").angles()
    assert bent["right knee flexion"] > straight["right knee flexion"] + 40
    assert bent["neck flexion"] > 20
    assert straight["neck flexion"] < -20


def test_ex_08_sits_tall_and_ex_10_slumps() -> None:
    assert all(abs(body("EX-08", phase).angles()["spine flexion"]) < 1 for phase in ("start", "end"))
    assert all(body("EX-10", phase).angles()["spine flexion"] > 45 for phase in ("start", "end"))


def test_ex_11_keeps_the_chin_down_while_the_knee_straightens() -> None:
    bent, straight = body("EX-11", "start").angles(), body("EX-11", "end").angles()
    assert straight["neck flexion"] == bent["neck flexion"] > 20
    assert straight["right knee flexion"] < bent["right knee flexion"] - 40


@pytest.mark.parametrize("exercise_id", ["EX-08", "EX-10", "EX-11"])
def test_the_feet_are_free_in_sitting_slides(exercise_id: str) -> None:
    assert all(height(body(exercise_id, phase), "left_heel") > 5 for phase in ("start", "end"))


def test_ex_03_rounds_and_hollows_the_back() -> None:
    assert body("EX-03", "middle").angles()["spine flexion"] > 45
    assert body("EX-03", "end").angles()["spine flexion"] < -20


def test_ex_14_opens_the_top_knee_with_the_feet_together_and_the_hips_still() -> None:
    start, end = body("EX-14", "start"), body("EX-14", "end")
    assert start.angles()["left hip flexion"] == pytest.approx(45, abs=1)
    assert height(end, "right_knee") > height(start, "right_knee") + 8
    assert end.joints["right_ankle"] == pytest.approx(start.joints["right_ankle"])
    assert end.frames["pelvis"] == start.frames["pelvis"]


def test_ex_15_lifts_the_straight_leg_by_about_a_hand_in_line_with_the_body() -> None:
    start, end = body("EX-15", "start"), body("EX-15", "end")
    assert abs(end.angles()["right hip flexion"]) <= 15
    assert end.angles()["right knee flexion"] < 6
    assert 8 <= height(end, "right_ankle") - height(start, "right_ankle") <= 20


def test_ex_16_lines_up_shoulders_hips_and_knees() -> None:
    figure = body("EX-16", "end")
    assert angle(figure.bone("neck", "pelvis"), figure.bone("right_hip", "right_knee")) < 6


def test_ex_16_keeps_the_feet_where_they_were() -> None:
    start, end = body("EX-16", "start").joints, body("EX-16", "end").joints
    assert end["right_ankle"] == pytest.approx(start["right_ankle"], abs=0.5)


def test_ex_17_reaches_with_the_opposite_arm_and_leg_along_the_back() -> None:
    figure = body("EX-17", "end")
    trunk = figure.bone("pelvis", "neck")
    assert angle(figure.bone("right_hip", "right_ankle"), trunk) > 165
    assert angle(figure.bone("left_shoulder", "left_wrist"), trunk) < 20


def test_ex_18_keeps_the_hips_down_while_the_chest_comes_up() -> None:
    lying, elbows, pressed = (body("EX-18", phase) for phase in ("start", "middle", "end"))
    assert height(lying, "chest") < height(elbows, "chest") < height(pressed, "chest")
    assert all(height(figure, "right_hip") < 7 for figure in (lying, elbows, pressed))


# The pen.


def test_the_skin_of_one_ball_is_a_circle() -> None:
    assert figures_pen.Pen().skin([(10.0, 10.0, 4.0)]).path == "a4 4 0 118 0a4 4 0 11-8 0z"


def test_the_skin_of_two_equal_balls_is_a_capsule() -> None:
    arcs = figures_pen.hull([(0.0, 0.0, 5.0), (20.0, 0.0, 5.0)])
    assert [circle[0] for circle, _, _ in arcs] in ([0.0, 20.0], [20.0, 0.0])
    assert all(end - start == pytest.approx(math.pi, abs=0.03) for _, start, end in arcs)


def test_a_ball_within_another_leaves_no_trace() -> None:
    around, within = (0.0, 0.0, 9.0), (1.0, 0.0, 5.0)
    assert figures_pen.hull([around, within]) == figures_pen.hull([around])


# What pages and people who change poses use.


def test_a_page_shows_a_figure_with_its_words() -> None:
    page = Template('{% load figures %}{% figure "EX-04" "start" %}').render(Context())
    assert 'role="img"' in page
    assert (
        f"<title>{figures.title('EX-04', 'start')}</title><desc>{figures.description('EX-04', 'start')}</desc>" in page
    )
    assert 'figures.svg#EX-04-start"' in page
    assert INHERITED in page


def test_a_page_mirrors_a_figure_for_the_left_side() -> None:
    page = Template('{% load figures %}{% figure "EX-04" "start" mirrored=True %}').render(Context())
    assert 'class="figure mirrored"' in page


def test_a_figure_that_is_not_drawn_is_refused() -> None:
    with pytest.raises(KeyError):
        figures.figure_href("EX-04", "upside-down")


def test_an_unknown_word_in_a_pose_is_refused_with_its_line(tmp_path, monkeypatch) -> None:
    sheet = "EX-01:\n  title: Walking\n  view: [0, 8]\n  figures:\n    start:\n      desc: Walking.\n      tail: 3\n"
    (tmp_path / "poses.yaml").write_text(sheet, encoding="utf-8")
    monkeypatch.setattr(figures, "DIRECTORY", tmp_path)
    with pytest.raises(CatalogueError, match=r"poses\.yaml, line 7: 'tail' is not known here"):
        figures.poses.__wrapped__()


def test_the_command_writes_the_sprite(tmp_path, monkeypatch, drawn: str) -> None:
    monkeypatch.setattr(figures, "SPRITE_FILE", tmp_path / "static" / "figures.svg")
    call_command("draw_figures")
    assert figures.SPRITE_FILE.read_text(encoding="utf-8") == drawn


def test_the_command_names_the_pose_that_cannot_be(tmp_path, monkeypatch) -> None:
    poses = {"EX-01": {"start": {**figures.poses()["EX-01"]["start"], "right_leg": {"hip": [0, 0, 0], "knee": 170}}}}
    monkeypatch.setattr(figures, "SPRITE_FILE", tmp_path / "figures.svg")
    monkeypatch.setattr(figures, "poses", lambda: poses)
    with pytest.raises(CommandError, match="EX-01, start: right knee flexion is 170 degrees"):
        call_command("draw_figures")
    assert not figures.SPRITE_FILE.exists()
