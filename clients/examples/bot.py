"""A bot that repeats what people say in its rooms."""

import asyncio
import os

from parley_client import Client


async def main() -> None:
    async with Client(os.environ["PARLEY_URL"], token=os.environ["PARLEY_TOKEN"]) as client:
        print(f"{client.user.username} listens", flush=True)
        async for event in client.events():
            said = event.message
            if said and said.sender.id != client.user.id and not said.sender.is_bot:
                await client.post(said.room, f"{said.sender.name} said: {said.body}", reply_to=said.id)


asyncio.run(main())
