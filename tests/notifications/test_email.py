"""Real SMTP to a server on this machine: what a mail says, and what the server's answers mean."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from notifications import outbox
from notifications.channels.base import DeliveryError
from notifications.channels.email import Email, compose
from notifications.models import Kind, Message
from notifications.wording import WORDS
from selfcare.accounts.models import User
from tests import canary, factories
from tests.doubles.smtp_server import MailServer
from tests.factories import NOW

Status = Message.Status


def failure(message: Message) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        Email().send(message, NOW)
    return caught.value


def test_a_mail_arrives(ben: User, mail_server: MailServer) -> None:
    message = factories.message(recipient=ben)

    sent = outbox.deliver(message.pk, now=NOW)

    (mail,) = mail_server.mails
    assert sent
    assert (mail["To"], mail["Subject"]) == (ben.email, "Your worklist has a new item")


@pytest.mark.parametrize("kind", Kind.values)
def test_a_mail_says_what_the_closed_list_says_and_leads_to_this_site(
    kind: str, ada: User, mail_server: MailServer, settings: Settings
) -> None:
    Email().send(factories.message(recipient=ada, kind=kind), NOW)

    (mail,) = mail_server.mails
    text = mail.get_content().replace("\r\n", "\n")
    assert mail["Subject"] == str(WORDS[kind].subject)
    assert text.startswith(str(WORDS[kind].body))
    assert f"\n{settings.SITE_URL}{WORDS[kind].path}\n" in text
    assert text.count("://") == 1
    assert "{" not in text


def test_a_mail_names_nobody(ada: User, ben: User, mail_server: MailServer) -> None:
    Email().send(factories.message(recipient=ben, cause=f"alert:{ada.pk}"), NOW)

    whole = mail_server.mails[0].as_string()
    assert not canary.found_in(whole)
    for secret in (str(ada.pk), ada.email, ada.name):
        assert secret not in whole


def test_the_message_id_is_the_same_at_each_attempt(ben: User, mail_server: MailServer) -> None:
    message = factories.message(recipient=ben)

    Email().send(message, NOW)
    Email().send(message, NOW)

    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"] == f"<{message.pk}@localhost>"


def test_a_duty_address_is_written_to_directly(db: None, mail_server: MailServer) -> None:
    Email().send(factories.message(address="duty@example.org", kind=Kind.ESCALATION), NOW)

    assert mail_server.mails[0]["To"] == "duty@example.org"


def test_a_mail_goes_to_the_address_that_the_person_has_now(ben: User) -> None:
    message = factories.message(recipient=ben)
    User.objects.filter(pk=ben.pk).update(email="ben.new@example.org")

    mail = compose(Message.objects.get(pk=message.pk), NOW)

    assert mail.to == ["ben.new@example.org"]


def test_somebody_who_has_left_gets_no_mail(ben: User, mail_server: MailServer) -> None:
    ben.is_active = False
    ben.save(update_fields=["is_active"])

    error = failure(factories.message(recipient=ben))

    assert (error.permanent, error.code) == (True, "no_address")


@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_a_server_that_is_busy_is_asked_again(code: int, ben: User, mail_server: MailServer) -> None:
    mail_server.answer_to_recipient = f"{code} later"

    error = failure(factories.message(recipient=ben))

    assert (error.permanent, error.code) == (False, f"smtp_{code}")


@pytest.mark.parametrize("code", [550, 551, 553])
def test_an_address_that_does_not_exist_is_given_up(code: int, ben: User, mail_server: MailServer) -> None:
    mail_server.answer_to_recipient = f"{code} unknown"

    error = failure(factories.message(recipient=ben))

    assert (error.permanent, error.code) == (True, f"smtp_{code}")


def test_a_refused_mail_is_given_up(ben: User, mail_server: MailServer) -> None:
    mail_server.answer_to_mail = "554 no"

    assert failure(factories.message(recipient=ben)).permanent


def test_a_server_that_hangs_is_left_and_asked_again(ben: User, mail_server: MailServer) -> None:
    mail_server.hangs = True

    error = failure(factories.message(recipient=ben))

    assert (error.permanent, error.code) == (False, "smtp_unreachable")


def test_a_connection_cut_after_the_mail_leads_to_one_repeat_that_can_be_recognised(
    ben: User, mail_server: MailServer
) -> None:
    mail_server.cut_after_mail = True
    message = factories.message(recipient=ben)
    outbox.deliver(message.pk, now=NOW)
    mail_server.cut_after_mail = False

    message.refresh_from_db()
    outbox.deliver_due(now=message.next_attempt_at)

    message.refresh_from_db()
    assert message.status == Status.SENT
    assert len(mail_server.mails) == 2
    assert len({mail["Message-ID"] for mail in mail_server.mails}) == 1


def test_a_dead_server_is_left_alone_for_a_while(ben: User, mail_server: MailServer, settings: Settings) -> None:
    settings.EMAIL_PORT = 1

    codes = [failure(factories.message(recipient=ben)).code for _ in range(4)]

    assert codes == ["smtp_unreachable"] * 3 + ["smtp_paused"]


def test_a_refused_address_stays_out_of_the_log(
    ben: User, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    mail_server.answer_to_recipient = f"550 no such user {ben.email}"
    message = factories.message(recipient=ben)

    outbox.deliver(message.pk, now=NOW)

    message.refresh_from_db()
    ours = [each.getMessage() for each in caplog.records if each.name.startswith("notifications")]
    assert ours == [f"message {message.pk} attempt 1: smtp_550"]
    assert message.last_error == "smtp_550"
