"""The compose file and the settings of the services say the same."""

import importlib
import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local import SERVICES, compose
from deploy.local.members import REPOSITORY

FILE = REPOSITORY / "docker-compose.yml"
WRITTEN = re.compile(r"\$\{(\w+):\?")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text())


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_is_a_setting_of_the_service(document: Any, service: str) -> None:
    """A variable that no setting reads would be a silent mistake."""
    settings = importlib.import_module(f"services.{service}.settings").Settings
    known = {item.name.upper() for item in fields(settings)}
    assert set(document["services"][service]["environment"]) <= known


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_without_a_default_is_given(document: Any, service: str) -> None:
    """A service finds what it cannot start without."""
    settings = importlib.import_module(f"services.{service}.settings").Settings
    required = {
        item.name.upper()
        for item in fields(settings)
        if item.default is MISSING and item.default_factory is MISSING
    }
    assert required <= set(document["services"][service]["environment"])


@pytest.mark.parametrize("service", SERVICES)
def test_one_image_definition_serves_all_services(document: Any, service: str) -> None:
    """Each service is built from the same file with its name as the argument."""
    build = document["services"][service]["build"]
    assert build["dockerfile"] == "deploy/Dockerfile"
    assert build["args"] == {"SERVICE": service}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_logs_in_as_itself(document: Any, service: str) -> None:
    """No service uses another's broker or store user."""
    environment = document["services"][service]["environment"]
    assert environment["AMQP_URI"].startswith(f"amqp://{service}:${{{service.upper()}_AMQP_")
    assert environment["MONGODB_URI"].startswith(f"mongodb://{service}:${{{service.upper()}_MONGO")


def test_infrastructure_has_health_checks_and_named_volumes(document: Any) -> None:
    """The broker and the store are waited for, and their data outlives containers."""
    for name in ("rabbitmq", "mongo"):
        assert document["services"][name]["healthcheck"]["test"]
        named = {volume.split(":")[0] for volume in document["services"][name]["volumes"]}
        assert named & set(document["volumes"])


def test_mounted_files_of_the_repository_exist(document: Any) -> None:
    """A missing file would be mounted as an empty folder."""
    mounted = {
        volume.split(":")[0]
        for service in document["services"].values()
        for volume in service.get("volumes", ())
        if volume.startswith("./deploy")
    }
    assert mounted
    assert all((REPOSITORY / path).is_file() for path in mounted)


def test_required_variables_are_all_written(tmp_path: Path) -> None:
    """What the compose file insists on is what the command writes, readable by its owner only."""
    env = tmp_path / ".env"
    compose.write(tmp_path / "compose", env)
    written = set(re.findall(r"^(\w+)=", env.read_text(), flags=re.MULTILINE))
    assert set(WRITTEN.findall(FILE.read_text())) <= written
    assert env.stat().st_mode & 0o077 == 0


def test_writing_again_keeps_the_secrets(tmp_path: Path) -> None:
    """Passwords of a running stack do not change under it."""
    env = tmp_path / ".env"
    compose.write(tmp_path / "compose", env)
    before = env.read_text()
    compose.write(tmp_path / "compose", env)
    assert env.read_text() == before
