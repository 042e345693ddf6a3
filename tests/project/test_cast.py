"""The cast of the tests is what it says."""

from chat.models import Membership, Room, User


def test_alice_owns_bob_belongs_mallory_does_not(room: Room, alice: User, bob: User, mallory: User) -> None:
    roles = dict(Membership.objects.live().filter(room=room).values_list("user", "role"))
    assert roles == {alice.pk: "owner", bob.pk: "member"}
    assert alice.check_password("a long enough word")
