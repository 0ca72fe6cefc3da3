"""A mail server on this machine: takes real SMTP, keeps what it got, and refuses when told to.

with MailServer() as server:
    settings EMAIL_HOST, EMAIL_PORT = server.host, server.port
    ...
    assert server.mails[0]["Subject"] == "Time for your check-in"
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import threading
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

# The double's own log names addresses; what the tests search is the log of the product.
logging.getLogger("mail").propagate = False


class MailServer:
    """Listens on the loopback interface. Set ``answer_to_recipient`` or ``answer_to_mail`` to refuse."""

    def __init__(self, *, port: int = 0) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.arrived = threading.Condition()
        self.answer_to_recipient = "250 OK"
        self.answer_to_mail = "250 OK"
        # Takes the mail and then breaks the connection instead of saying so: the sender cannot know.
        self.cut_after_mail = False
        self.hangs = False
        self._controller = _Controller(self, port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def host(self) -> str:
        """Return the address the server listens on."""
        return "127.0.0.1"

    @property
    def port(self) -> int:
        """Return the port the server listens on."""
        return int(self._controller.server.sockets[0].getsockname()[1])

    def wait_for(self, count: int, *, seconds: float = 10.0) -> list[EmailMessage]:
        """Return the mails as soon as they are this many; raise AssertionError when it takes too long."""
        with self.arrived:
            enough = self.arrived.wait_for(lambda: len(self.mails) >= count, timeout=seconds)
        assert enough, f"{len(self.mails)} of {count} mails arrived within {seconds} seconds"
        return list(self.mails)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        if self.hangs:
            await asyncio.sleep(60)
        if self.answer_to_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take or refuse a mail."""
        if self.answer_to_mail.startswith("2"):
            content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
            with self.arrived:
                self.mails.append(email.message_from_bytes(content, policy=email.policy.default))  # type: ignore[arg-type]
                self.envelopes.append(envelope)
                self.arrived.notify_all()
        if self.cut_after_mail and server.transport is not None:
            server.transport.abort()
        return self.answer_to_mail


class _Controller(Controller):
    def __init__(self, handler: MailServer, port: int) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=port, ready_timeout=10)

    def _trigger_server(self) -> None:
        # Port 0 lets the system choose; the base class would knock on port 0.
        self.port = int(self.server.sockets[0].getsockname()[1])
        super()._trigger_server()

    def factory(self) -> Any:
        return SMTP(self.handler, enable_SMTPUTF8=True)
