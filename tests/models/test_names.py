"""User names: one form to compare by, one to tell look-alikes by."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from chat.models import User, names


def taken(one: str, other: str) -> str | None:
    """Why `other` cannot be beside `one`: `unique`, `alike`; None when it can."""
    User.objects.create_user(one)
    try:
        User(username=other).clean()
    except ValidationError as error:
        return error.error_dict["username"][0].code
    return None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "Ada"),
        ("straße", "STRASSE"),
        ("ada", "\uff41\uff44\uff41"),  # full width
        ("fi", "\ufb01"),  # the ligature
        ("josé", "jose\u0301"),  # composed and not
        ("ada", " ada\u00a0"),
        ("σίσυφος", "ΣΊΣΥΦΟΣ"),
    ],
)
def test_one_name_in_two_spellings_is_one_name(db: None, one: str, other: str) -> None:
    assert taken(one, other) == "unique"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paula", "p\u0430ula"),  # Cyrillic а
        ("p\u0430ula", "paula"),
        ("scope", "\u0455\u0441\u043e\u0440\u0435"),  # all Cyrillic
        ("olga", "\u03bflga"),  # Greek omicron
        ("lan", "Ian"),  # a capital I for an l
        ("Ian", "lan"),
        ("bill", "biII"),
        ("bob", "b0b"),
        ("b0b", "bOb"),
        ("l0u", "lou"),
        ("modern", "modem"),
        ("modem", "modern"),
        ("rnax", "max"),
        ("al1ce", "alIce"),
        ("al1ce", "allce"),
        ("adă", "ad\u01ce"),  # breve and caron
    ],
)
def test_names_that_look_alike_are_not_for_two(db: None, one: str, other: str) -> None:
    assert taken(one, other) == "alike"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "adam"),
        ("ian", "lan"),
        ("jan", "jon"),
        ("bob", "bo6"),
        ("anna", "ana"),
        ("marc", "mark"),
        ("josé", "jose"),
        ("müller", "muller"),
        ("müller", "mueller"),
        ("иван", "иванна"),
        ("иван", "ivan"),
        ("田中", "田口"),
        ("محمد", "محمود"),
        ("a.b", "a-b"),
        ("a_b", "ab"),
        ("bob2", "bob3"),
        ("ben", "den"),
    ],
)
def test_names_that_people_tell_apart_are_accepted(db: None, one: str, other: str) -> None:
    assert taken(one, other) is None


@pytest.mark.parametrize(
    "name", ["ada", "a", "Ada.Lovelace", "ada_99", "o-neil", "иван", "田中", "محمد", "x" * 64, "_a"]
)
def test_what_is_a_name(name: str) -> None:
    names.validate_username(name)


@pytest.mark.parametrize(
    "name", ["", " ", ".", "-", "a b", "a.", "a/b", "@a", "a:b", "#a", "x" * 65, "a\u200bb", "a\n", "🙂"]
)
def test_what_is_none(name: str) -> None:
    if names.normalize(name) == "a":  # space around a name is no part of it
        return
    with pytest.raises(ValidationError):
        names.validate_username(name)


def test_a_name_is_kept_as_typed_but_for_its_form(db: None) -> None:
    user = User.objects.create_user(" \uff21da ")
    assert user.username == "Ada"
    assert User.objects.named("aDA").get() == user
    assert User.objects.get_by_natural_key("\uff41da") == user


@given(st.text(max_size=20))
def test_forms_are_stable(name: str) -> None:
    assert names.normalize(names.normalize(name)) == names.normalize(name)
    assert names.key(names.key(name)) == names.key(name)
    assert names.key(names.normalize(name)) == names.key(name)
    assert names.skeleton(names.normalize(name)) == names.skeleton(name)


def test_a_text_that_is_far_too_long_for_a_name_is_not_worked_on() -> None:
    marks = "a" + "\u0301\u0323" * 8_000  # a second and more, if they were put in order
    began = time.thread_time()
    assert names.key(marks) == names.normalize(marks) == marks
    assert time.thread_time() - began < 0.1
