"""Puts the simulator together: Graph, the phone API, and the life of what runs between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from simulator.exchange import Exchange
from simulator.graph import Graph
from simulator.phone import create_phone
from simulator.rate_limits import RateLimits
from simulator.webhooks import Webhooks
from simulator.world import Account, World


class Simulator:
    """An ASGI app with /graph and /phone below it.

    Served alone (`uvicorn.run(simulator)`) it starts and stops by itself. Within another app mount its two
    halves, which leaves the paths beside them to the phone page, and run it in the lifespan of that app,
    because Starlette never runs the lifespan of a mounted one:

        app.mount("/simulator/graph", simulator.graph)
        app.mount("/simulator/phone", simulator.phone)

        async with simulator.running():
            yield
    """

    def __init__(self, account: Account, messages_per_second: int) -> None:
        self.account = account
        self.world = World()
        self.webhooks = Webhooks(account)
        self.exchange = Exchange(self.world, self.webhooks, RateLimits(messages_per_second))
        self.graph = Graph(self.exchange).app
        self.phone = create_phone(self.exchange)
        self._whole = Starlette(
            routes=[Mount("/graph", self.graph), Mount("/phone", self.phone)],
            lifespan=lambda _: self.running(),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve both halves, and the lifespan."""
        await self._whole(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let webhooks go out while this is entered.

        On leaving, the open event streams end and what has not been delivered is dropped.
        """
        await self.webhooks.start()
        try:
            yield
        finally:
            self.hang_up()
            self.exchange.forget()
            await self.webhooks.stop()

    def hang_up(self) -> None:
        """End the open event streams, which would otherwise hold a server's shutdown."""
        for listener in list(self.world.listeners):
            self.world.cut_off(listener)


def create_simulator(
    *,
    webhook_url: str,
    app_secret: str,
    access_token: str,
    phone_number_id: str,
    display_phone_number: str,
    business_name: str = "Chat Support",
    messages_per_second: int = 80,
) -> Simulator:
    """A pretend Meta on which this one business number is registered.

    `display_phone_number` is digits. `messages_per_second` is the throughput, in and out together: 80 for an
    ordinary number, 1000 after Meta's upgrade. Nothing is posted to `webhook_url` before it is started.
    """
    account = Account(
        webhook_url=webhook_url,
        app_secret=app_secret,
        access_token=access_token,
        phone_number_id=phone_number_id,
        display_phone_number=display_phone_number,
        business_name=business_name,
    )
    return Simulator(account, messages_per_second)
