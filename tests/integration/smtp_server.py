"""A real mail server in a process of its own, whose behaviour the recipient's local part chooses.

    smtp_server.py MAILBOX [--greeting LINE] [--certificate PEM] [--tls] [--login USER:SECRET]

It prints its port. Accepted messages are appended to MAILBOX as JSON lines before the answer.
``rcpt-550@`` is answered 550 at RCPT, ``data-451@`` 451 after DATA; ``drop-rcpt@``, ``drop-data@``
and ``drop-quit@`` are broken off there, ``hang-rcpt@``, ``hang-data@`` and ``hang-quit@`` get no
answer, and ``drip@`` gets one that goes on for long.
"""

import argparse
import asyncio
import json
import ssl
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class Handler:
    """Hooks of aiosmtpd."""

    def __init__(self, mailbox: Path) -> None:
        self.mailbox = mailbox
        self.at_quit = ""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.at_quit = address.split("@")[0] if "quit" in address else ""
        answer = await self._behave("rcpt", server, address)
        if answer == "250 OK":
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await self._behave("data", server, envelope.rcpt_tos[0])
        if answer == "250 OK":
            content = envelope.content
            assert isinstance(content, bytes)
            assert server.transport is not None
            kept = {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "content": content.decode("ascii"),
                "encrypted": server.transport.get_extra_info("ssl_object") is not None,
                "user": session.authenticated,
                "helo": session.host_name,
            }
            with self.mailbox.open("a") as file:
                file.write(json.dumps(kept) + "\n")
        return answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await self._behave("quit", server, self.at_quit or "quit-221")

    async def _behave(self, stage: str, server: SMTP, address: str) -> str:
        local = address.split("@")[0]
        if local == f"drop-{stage}":
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(3600)
        if local == f"hang-{stage}":
            await asyncio.sleep(3600)
        if local == "drip" and stage == "rcpt":
            for _ in range(20):
                await server.push("250-Please wait")
                await asyncio.sleep(0.3)
        what, _, code = local.partition("-")
        return f"{code} Answer about {address}" if what == stage else "250 OK"


async def greet(line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A server that says one line, or nothing, and no more."""
    if line:
        writer.write(line.encode() + b"\r\n")
        await writer.drain()
    await asyncio.sleep(3600)


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("mailbox", type=Path)
    parser.add_argument("--greeting")
    parser.add_argument("--certificate")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--login", default="")
    options = parser.parse_args()
    context = None
    if options.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate)
    handler = Handler(options.mailbox)

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: Any, data: Any) -> Any:
        given = f"{data.login.decode()}:{data.password.decode()}"
        success = given == options.login
        return AuthResult(success=success, handled=success, auth_data=data.login.decode())

    def session() -> SMTP:
        return SMTP(
            handler,
            hostname="sink.example",
            tls_context=None if options.tls else context,
            authenticator=authenticate if options.login else None,
            auth_require_tls=bool(context) and not options.tls,
            auth_required=bool(options.login),
        )

    loop = asyncio.get_running_loop()
    server: Any
    if options.greeting is not None:
        server = await asyncio.start_server(
            lambda reader, writer: greet(options.greeting, reader, writer), "127.0.0.1", 0
        )
    else:
        implicit = context if options.tls else None
        server = await loop.create_server(session, "127.0.0.1", 0, ssl=implicit)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await server.serve_forever()


asyncio.run(main())
