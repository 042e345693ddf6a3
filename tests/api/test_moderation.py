"""PUT and DELETE rooms/{id}/members/{user}/mute/, reports, the log, and the rules of a room."""

import pytest

from tests.support.rest import problem


@pytest.fixture
def said(alice, room, say):
    return say(alice, room, "Cheap watches!").message_id


def test_a_member_is_muted_and_let_write_again(as_alice, as_bob, bob, room):
    path = f"rooms/{room.pk}/members/{bob.pk}/mute/"
    response = as_alice.put(path, {"seconds": 600})
    assert (response.status_code, response.json()["user"]["username"]) == (200, "bob")
    until = response.json()["muted_until"]
    assert until and as_bob.get(f"rooms/{room.pk}/").json()["muted_until"] == until
    assert until in [member["muted_until"] for member in as_bob.get(f"rooms/{room.pk}/members/").json()["results"]]
    assert as_alice.delete(path).status_code == 204
    assert "muted_until" not in as_bob.get(f"rooms/{room.pk}/").json()


def test_who_may_not_mute_is_told_so(as_bob, as_mallory, alice, bob, room):
    path = f"rooms/{room.pk}/members/{bob.pk}/mute/"
    problem(as_bob.put(path, {"seconds": 600}), 403, "forbidden")
    problem(as_mallory.put(path, {"seconds": 600}), 404, "not_found")
    problem(as_mallory.delete(path), 404, "not_found")
    problem(as_bob.put(path, {"seconds": 0}), 400, "bad_request", "seconds")


def test_a_report_is_made_read_and_closed(as_alice, as_bob, as_mallory, room, said):
    path = f"messages/{said}/report/"
    assert as_bob.post(path, {"reason": "an advertisement"}).status_code == 204
    problem(as_mallory.post(path, {}), 404, "not_found")
    problem(as_alice.post(path, {}), 400, "bad_request", "message")
    (report,) = as_alice.get(f"rooms/{room.pk}/reports/", open="true").json()["results"]
    assert (report["message"], report["body"], report["reason"]) == (str(said), "Cheap watches!", "an advertisement")
    assert report["reporter"]["username"] == "bob"
    problem(as_bob.get(f"rooms/{room.pk}/reports/"), 403, "forbidden")
    problem(as_mallory.get(f"rooms/{room.pk}/reports/"), 404, "not_found")
    problem(as_bob.delete(f"reports/{report['id']}/"), 404, "not_found")
    assert as_alice.delete(f"reports/{report['id']}/").status_code == 204
    assert as_alice.get(f"rooms/{room.pk}/reports/", open="true").json()["results"] == []
    assert as_alice.get(f"rooms/{room.pk}/reports/", open="false").json()["results"][0]["closed_at"]


def test_rules_are_set_and_written_down(as_alice, as_bob, as_mallory, room):
    response = as_alice.patch(f"rooms/{room.pk}/", {"posting": "moderators", "slow_seconds": 30})
    assert (response.json()["posting"], response.json()["slow_seconds"]) == ("moderators", 30)
    problem(as_alice.patch(f"rooms/{room.pk}/", {"posting": "nobody"}), 400, "bad_request", "posting")
    problem(as_alice.patch(f"rooms/{room.pk}/", {"slow_seconds": "x"}), 400, "bad_request", "slow_seconds")
    problem(as_bob.patch(f"rooms/{room.pk}/", {"slow_seconds": 0}), 403, "forbidden")
    (entry,) = as_alice.get(f"rooms/{room.pk}/log/").json()["results"]
    assert (entry["act"], entry["actor"]["username"]) == ("room.changed", "alice")
    assert entry["details"] == {"posting": ["everyone", "moderators"], "slow_seconds": [0, 30]}
    problem(as_bob.get(f"rooms/{room.pk}/log/"), 403, "forbidden")
    problem(as_mallory.get(f"rooms/{room.pk}/log/"), 404, "not_found")


def test_slow_mode_says_when_to_come_back(as_alice, as_bob, room):
    import uuid

    as_alice.patch(f"rooms/{room.pk}/", {"slow_seconds": 30})
    path = f"rooms/{room.pk}/messages/"
    assert as_bob.post(path, {"id": str(uuid.uuid4()), "body": "one"}).status_code == 201
    response = as_bob.post(path, {"id": str(uuid.uuid4()), "body": "two"})
    problem(response, 429, "rate_limited")
    assert 0 < int(response.headers["Retry-After"]) <= 30
