"""Classes: order, the next one, which levels teach them, and how files write them."""

import pytest

from khet.modules.schools.choices import Grade, Levels, grades_of, read_grade


def test_classes_stand_in_order_with_the_code_of_dmc():
    assert [grade.number for grade in Grade] == list(range(1, 16))
    assert (Grade.M1.number, Grade.M4.number, Grade.M6.number) == (10, 13, 15)
    assert Grade.K3.next == Grade.P1
    assert Grade.P6.next == Grade.M1
    assert Grade.M6.next is None
    assert Grade.P1.usual_age == 7


@pytest.mark.parametrize(
    ("levels", "first", "last", "count"),
    [("kp", "k1", "p6", 9), ("kl", "k1", "m3", 12), ("pu", "p1", "m6", 12), ("u", "m4", "m6", 3), ("k", "k1", "k3", 3)],
)  # fmt: skip
def test_levels_say_which_classes_are_taught(levels, first, last, count):
    taught = grades_of(levels)
    assert (taught[0], taught[-1], len(taught)) == (first, last, count)


def test_every_level_teaches_something_and_no_level_nothing():
    assert all(grades_of(levels) for levels in Levels.values)
    assert grades_of("") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ม.1", "m1"), ("ป.6", "p6"), ("อ.2", "k2"), ("อบ.3", "k3"), ("อนุบาล 1", "k1"), ("ม ๓", "m3"), ("ป.4/2", "p4"),
        ("ประถมศึกษาปีที่ 5", "p5"), ("ชั้นมัธยมศึกษาปีที่ 2", "m2"), ("อ.4", None), ("ม.7", None), ("ปวช.1", None), ("", None), ("-", None),
    ],
)  # fmt: skip
def test_files_write_classes_in_many_ways(text, code):
    assert read_grade(text) == code
