"""Open dashboards, and how soon the last of them shows what was written; and how soon an answer leaves.

A program of its own: it prints JSON. Times count from a message's `created_at`, which is taken just before
its commit: the commit itself is in them.
"""

import argparse
import asyncio
import json
import sys
import time
import urllib.request
from datetime import datetime
from typing import Any

import uvloop

from benchmarks.dashboard import Dashboard
from benchmarks.load import percentiles


def call(port: int, token: str, path: str, body: dict[str, Any]) -> Any:
    """POST to the desk's API."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["data"]


def written_at(message: dict[str, Any]) -> float:
    """When the row was made, by the clock of this machine."""
    return datetime.fromisoformat(message["created_at"]).timestamp()


async def dashboards(options: argparse.Namespace) -> dict[str, Any]:
    """Write with so many dashboards open."""
    arrived: dict[str, list[float]] = {}

    def show(words: str, _at: float) -> None:
        arrived.setdefault(words, []).append(time.time())

    opened = [Dashboard("127.0.0.1", options.port, options.token, show) for _ in range(options.dashboards)]
    for start in range(0, len(opened), 50):
        await asyncio.gather(*(each.open() for each in opened[start : start + 50]))
    if options.hold:
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        return {}
    ticket = await asyncio.to_thread(
        call,
        options.port,
        options.token,
        "/api/support/tickets",
        {"phone_number": "+2348035550199", "sender_name": "Amara", "issue_description": "A lamp"},
    )
    path = f"/api/support/tickets/{ticket['id']}/messages?sender_type=user"
    waits, complete = [], 0
    for number in range(options.messages):
        words = f"message {time.time_ns()} {number}"
        message = await asyncio.to_thread(call, options.port, options.token, path, {"message": words})
        for _ in range(400):
            if len(arrived.get(words, [])) == options.dashboards:
                complete += 1
                waits.append(max(arrived[words]) - written_at(message))
                break
            await asyncio.sleep(0.005)
    for each in opened:
        each.close()
    return {"complete": complete, "last_ms": percentiles(waits)}


def answers(options: argparse.Namespace) -> dict[str, Any]:
    """Answer customers, one after the other, and see when each request reaches Graph."""
    with urllib.request.urlopen(f"http://127.0.0.1:{options.graph}/seen", timeout=10) as response:
        before = len(json.load(response))
    written = []
    for number in range(options.messages):
        ticket = call(
            options.port,
            options.token,
            "/api/support/tickets",
            {
                "phone_number": f"+2348036{number:06}",
                "sender_name": "Amara",
                "issue_description": "A lamp",
            },
        )
        path = f"/api/support/tickets/{ticket['id']}/messages?sender_type=admin"
        written.append(written_at(call(options.port, options.token, path, {"message": "It is on its way"})))
        time.sleep(0.05)
    time.sleep(2)
    with urllib.request.urlopen(f"http://127.0.0.1:{options.graph}/seen", timeout=10) as response:
        seen = [at for at, _ in json.load(response)[before:]]
    pairs = zip(sorted(seen), written, strict=False)
    return {"left": len(seen), "leaving_ms": percentiles([max(at - start, 0.0) for at, start in pairs])}


def main() -> None:
    """Read the options, look, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--dashboards", type=int, default=0)
    parser.add_argument("--messages", type=int, default=100)
    parser.add_argument("--graph", type=int, default=0, help="the pretend Graph's port: measure answers")
    parser.add_argument("--hold", action="store_true", help="open them, say so, and wait for a line")
    options = parser.parse_args()
    found = uvloop.run(dashboards(options)) if options.dashboards else answers(options)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
