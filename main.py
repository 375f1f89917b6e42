"""The app: the doors, the workers behind them, and the built dashboard."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api import errors, middleware
from api.content_security import DASHBOARD
from api.event_stream import EventTail
from api.presence_feed import PresenceFeed
from api.routes import (
    admins,
    audit,
    auth,
    canned_replies,
    contact_data,
    contacts,
    costs,
    docs,
    events,
    health,
    invites,
    media,
    messages,
    metrics,
    number_health,
    overview,
    people,
    profile,
    quarantine,
    sample_data,
    self_test,
    support,
    tags,
    templates,
    ticket_lists,
    whatsapp,
)
from api.routes import (
    presence as presence_route,
)
from api.routes import (
    settings as desk_settings,
)
from api.shared_commit import SharedCommit
from api.sign_in_watch import SignInWatch
from config.loop_watch import LoopWatch
from config.settings import SIMULATED_DISPLAY_PHONE_NUMBER, Settings, get_settings
from realtime.bus import bus
from realtime.presence import presence
from services import media_storage
from simulator.app import create_simulator
from worker.run import Workers

OBJECTS_BEFORE_A_COLLECTION = 10_000
"""Python's 700 are reached twenty times within a batch of the inbox, which leaves nothing to collect."""


def create_app(settings: Settings) -> FastAPI:
    """The whole desk in one process."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        media_storage.prepare()
        bus.start()
        workers = Workers(app.state.shared_commit.is_pressed)
        # where others work off the queues, readiness sees by the inbox whether somebody does
        theirs = workers.alive if app.state.works else lambda: True
        app.state.worker_alive = lambda: app.state.shared_commit.alive() and theirs()
        app.state.shared_commit.start()
        app.state.event_tail.start()
        app.state.presence_feed.start()
        app.state.sign_in_watch.start()
        if app.state.works:
            workers.start()
        gc.collect()
        gc.freeze()  # what start-up made stays; collecting through it would hold requests up
        gc.set_threshold(OBJECTS_BEFORE_A_COLLECTION, 20, 20)
        with LoopWatch():
            async with simulated():
                yield
        if app.state.works:
            workers.stop()
        await app.state.sign_in_watch.stop()
        await app.state.presence_feed.stop()
        await app.state.event_tail.stop()
        app.state.shared_commit.stop()
        bus.stop()

    app = FastAPI(
        title="Chat Support",
        version="1.0.0",
        description="A WhatsApp support desk.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        # nothing listens to OpenTelemetry here, and asking whether something does costs every request
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.works = True
    app.state.shared_commit = SharedCommit()
    app.state.event_tail = EventTail()
    app.state.presence_feed = PresenceFeed(presence, app.state.event_tail)
    app.state.sign_in_watch = SignInWatch()
    app.router.routes.append(whatsapp.route)
    for module in (
        auth,
        admins,
        people,
        invites,
        profile,
        audit,
        support,
        contacts,
        ticket_lists,
        tags,
        messages,
        media,
        contact_data,
        templates,
        canned_replies,
        desk_settings,
        costs,
        number_health,
        overview,
        sample_data,
        self_test,
        quarantine,
        presence_route,
        events,
        health,
        metrics,
        docs,
    ):
        # include_router would make every route anew at the first request, and search them more slowly
        app.router.routes.extend(module.router.routes)
    simulated = _mount_simulator(app, settings)
    errors.install(app)
    middleware.install(app, settings)
    if (DASHBOARD / "404.html").is_file():
        app.frontend("/", directory=DASHBOARD, fallback="404.html")
    return app


def _mount_simulator(app: FastAPI, settings: Settings) -> Callable[[], AbstractAsyncContextManager[None]]:
    """The pretend Meta and its phone, in simulator mode alone; gives what keeps them running."""
    if settings.whatsapp_provider != "simulator":
        app.router.routes.append(Route("/simulator{path:path}", _no_simulator))
        return nullcontext
    simulator = create_simulator(
        webhook_url=f"http://127.0.0.1:{settings.port}{whatsapp.PATH}",
        app_secret=settings.whatsapp_app_secret.get_secret_value(),
        access_token=settings.whatsapp_access_token.get_secret_value(),
        phone_number_id=settings.whatsapp_phone_number_id,
        display_phone_number=SIMULATED_DISPLAY_PHONE_NUMBER,
        business_name=settings.business_name,
    )
    app.mount("/simulator/graph", simulator.graph)
    app.mount("/simulator/phone", simulator.phone)
    return simulator.running


async def _no_simulator(_request: Request) -> Response:
    raise HTTPException(404)


app = create_app(get_settings())
