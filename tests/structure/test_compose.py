"""The Compose file and its image ask for what there is: Docker itself is not at hand to try them."""

import re
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
import typer.main
import yaml  # type: ignore[import-untyped]

import cli
from api import server
from config.settings import ROOT, Settings
from worker import run

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DESKS = {name: service for name, service in SERVICES.items() if "build" in service}
INSTRUCTIONS = re.findall(r"^([A-Z]+) (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
COMMANDS: dict[str, Any] = getattr(typer.main.get_command(cli.app), "commands", {})


def test_there_are_two_of_what_serves_and_two_of_what_works() -> None:
    commands = sorted(" ".join(service["command"][2:]) for service in DESKS.values())
    assert commands == ["migrate", *["serve --without-workers"] * 2, *["worker"] * 2]


@pytest.mark.parametrize(
    "command",
    [*(each["command"] for each in DESKS.values()), yaml.safe_load(dict(INSTRUCTIONS)["CMD"])],
    ids=" ".join,
)
def test_every_command_is_one_of_ours(command: list[str]) -> None:
    python, script, verb, *options = command
    assert (python, script) == ("python", "cli.py")
    known = {name for parameter in COMMANDS[verb].params for name in parameter.opts}
    assert set(options) <= known


@pytest.mark.parametrize("name", DESKS)
def test_every_setting_is_one_of_ours_and_complete(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = DESKS[name]["environment"]
    fields: dict[str, Any] = {
        setting.lower(): re.sub(r"\$\{.*?\}", "x" * 32, value) for setting, value in given.items()
    }
    assert set(fields) <= set(Settings.model_fields)
    for setting in Settings.model_fields:
        monkeypatch.delenv(setting.upper(), raising=False)
    settings = Settings(public_url="https://support.example.com", **fields).complete()
    assert settings.redis_url
    assert settings.database_url.startswith("mysql+pymysql:")


def test_the_proxy_and_nothing_else_says_who_asks() -> None:
    [proxy] = [service for service in SERVICES.values() if "443:443" in service.get("ports", [])]
    [config] = COMPOSE["networks"]["default"]["ipam"]["config"]
    address = proxy["networks"]["default"]["ipv4_address"]
    assert ip_address(address) in ip_network(config["subnet"])
    assert ip_address(address) not in ip_network(config["ip_range"]), "another container may get it"
    assert {desk["environment"]["TRUSTED_PROXIES"] for desk in DESKS.values()} == {address}
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]


def test_who_stops_a_desk_waits_until_it_has_ended() -> None:
    """Requests end first, then what waits for WhatsApp; the rest takes a few seconds."""
    serving, working = server.REQUESTS_END_SECONDS + 10, run.STOP_SECONDS + 10
    for service in DESKS.values():
        needed = working if "worker" in service["command"] else serving
        if "migrate" not in service["command"]:
            assert int(service["stop_grace_period"].removesuffix("s")) >= needed
    unit = (DEPLOY / "chat-support.service").read_text()
    [patience] = re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)
    assert int(patience) >= serving + working
    assert "--without-workers" not in unit


def test_what_a_service_waits_for_is_there() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in COMPOSE["volumes"]


def test_what_the_image_copies_is_there_and_not_left_out() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    copied = [rest.split()[:-1] for instruction, rest in INSTRUCTIONS if instruction == "COPY"]
    sources = [source for each in copied if not each[0].startswith("--from") for source in each]
    assert "requirements.lock" in sources
    for source in sources:
        assert (ROOT / source).exists()
        assert source not in ignored
