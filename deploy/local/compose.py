"""What `docker compose up` needs and git must not hold: passwords, keys, broker definitions."""

from __future__ import annotations

import json
from pathlib import Path

from deploy.local.keys import Keys
from deploy.local.ports import passwords, write_private
from deploy.rabbitmq import definitions

ROOT_PASSWORD = "MONGODB_ROOT_PASSWORD"


def write(folder: Path, env_file: Path) -> None:
    """Write ``definitions.json``, ``secrets.json`` and ``keys/`` into a folder, and an env file.

    Passwords and keys that are there already stay as they are.
    """
    users = (*definitions.SERVICES, *definitions.CLIENTS)
    brokers = {user: f"{user.upper()}_AMQP_PASSWORD" for user in users}
    stores = [f"{service.upper()}_MONGODB_PASSWORD" for service in definitions.SERVICES]
    secrets = passwords(folder / "secrets.json", [*brokers.values(), *stores, ROOT_PASSWORD])
    hashes = {user: definitions.password_hash(secrets[name]) for user, name in brokers.items()}
    document = definitions.build(definitions.traffic_of_services(), hashes)
    # Read by another user inside the broker's container, so not private; it holds hashes only.
    (folder / "definitions.json").write_text(json.dumps(document, indent=1))
    keys = Keys(folder / "keys")
    keys.prepare()
    values = secrets | {"AUTH_PUBLIC_KEY": keys.public.strip()}
    write_private(env_file, "".join(f'{name}="{value}"\n' for name, value in values.items()))
