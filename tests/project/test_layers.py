"""The channel layer of a single process."""

from project.layers import InMemoryChannelLayer


async def test_a_group_tells_each_of_its_channels_in_order() -> None:
    layer = InMemoryChannelLayer()
    await layer.group_add("room.1", "a")
    await layer.group_add("room.1", "b")
    for number in range(3):
        await layer.group_send("room.1", {"type": "x", "number": number})
    assert [(await layer.receive(channel))["number"] for channel in "aaabbb"] == [0, 1, 2, 0, 1, 2]


async def test_a_full_channel_loses_what_comes_and_no_other_does() -> None:
    layer = InMemoryChannelLayer(capacity=1)
    await layer.group_add("room.1", "full")
    await layer.send("full", {"type": "x", "number": 0})
    await layer.group_add("room.1", "other")
    await layer.group_send("room.1", {"type": "x", "number": 1})
    assert (await layer.receive("full"))["number"] == 0
    assert (await layer.receive("other"))["number"] == 1


async def test_who_left_a_group_hears_nothing_of_it() -> None:
    layer = InMemoryChannelLayer()
    await layer.group_add("room.1", "a")
    await layer.group_discard("room.1", "a")
    await layer.group_send("room.1", {"type": "x"})
    assert "a" not in layer.channels
