"""The courier delivers with nothing but the database, gets over trouble, and tells who else has stopped."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from pytest_django import Settings

from notifications import courier, heartbeat, outbox, tasks
from notifications.models import Heartbeat, Kind, Message, Priority
from tests import factories
from tests.doubles.push_service import PushService
from tests.factories import NOW

Status = Message.Status


def run(keeper: courier.Courier, until: threading.Event, *, seconds: float = 10) -> bool:
    keeper.start()
    happened = until.wait(seconds)
    keeper.stop()
    keeper.join()
    return happened


@pytest.mark.usefixtures("shared_database")
def test_without_broker_worker_and_scheduler_a_red_flag_arrives(push_service: PushService) -> None:
    ben = factories.user(email="ben@example.org")
    subscription = factories.push_subscription(user=ben, browser=push_service.subscribe())
    message = factories.message(recipient=ben, subscription=subscription, priority=Priority.RED_FLAG)
    keeper = courier.Courier(lanes=1)
    keeper.start()

    push_service.wait_for(1)

    keeper.stop()
    keeper.join()
    message.refresh_from_db()
    assert message.status == Status.SENT
    assert Heartbeat.objects.filter(name="courier").exists()


@pytest.mark.usefixtures("shared_database")
def test_a_red_flag_does_not_wait_behind_slow_reminders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "IDLE_SECONDS", 0.05)
    ben = factories.user(email="ben@example.org")
    for _ in range(5):
        factories.message(recipient=ben, priority=Priority.REMINDER)
    in_hand, let_go, arrived = threading.Semaphore(0), threading.Event(), threading.Event()

    class Slow:
        def send(self, message: Message, now: Any) -> None:
            if message.priority == Priority.RED_FLAG:
                arrived.set()
            else:
                in_hand.release()
                let_go.wait(20)

    monkeypatch.setattr(outbox, "CHANNELS", {"email": Slow()})
    keeper = courier.Courier(lanes=2)
    keeper.start()
    in_hand.acquire(timeout=10)
    a_second_lane_took_one = in_hand.acquire(timeout=0.5)

    factories.message(recipient=ben, priority=Priority.RED_FLAG)
    came = arrived.wait(8)

    let_go.set()
    keeper.stop()
    keeper.join()
    assert (a_second_lane_took_one, came) == (False, True)


@pytest.mark.usefixtures("shared_database")
def test_the_courier_gets_over_a_database_that_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "AFTER_TROUBLE_SECONDS", 0.01)
    calls: list[int] = []
    recovered = threading.Event()

    def trouble_twice(**_: Any) -> bool:
        calls.append(1)
        if len(calls) < 3:
            raise OperationalError("the server closed the connection")
        recovered.set()
        return False

    monkeypatch.setattr(outbox, "deliver_next", trouble_twice)

    assert run(courier.Courier(lanes=1), recovered)


@pytest.mark.usefixtures("shared_database")
def test_a_fault_in_one_round_does_not_end_the_lane(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "AFTER_TROUBLE_SECONDS", 0.01)
    calls: list[int] = []
    went_on = threading.Event()

    def fail_once(**_: Any) -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError
        went_on.set()
        return False

    monkeypatch.setattr(outbox, "deliver_next", fail_once)

    assert run(courier.Courier(lanes=1), went_on)


def test_with_a_broker_the_worker_gets_the_first_go(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/0"

    assert courier.Courier().grace == timedelta(seconds=3)


def test_without_a_broker_the_courier_waits_for_nobody(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "memory://"

    assert courier.Courier().grace == timedelta(0)


def test_one_round_can_be_run_by_hand(ada: Any, capsys: pytest.CaptureFixture[str]) -> None:
    message = factories.message(recipient=ada)

    call_command("courier", "--once")

    message.refresh_from_db()
    assert message.status == Status.SENT
    assert capsys.readouterr().out == "1 messages handled.\n"


# --- signs of work ---


def test_signs_of_work_have_an_age(db: None) -> None:
    heartbeat.beat("beat", now=NOW - timedelta(seconds=30))
    heartbeat.beat("beat", now=NOW - timedelta(seconds=12))

    assert heartbeat.ages(NOW) == {"beat": 12.0, "worker": float("inf"), "courier": float("inf")}


def test_a_sign_from_the_future_is_not_fresh(db: None) -> None:
    heartbeat.beat("beat", now=NOW + timedelta(hours=2))

    assert "beat" in heartbeat.stale(NOW)


def test_the_operator_is_told_of_each_dead_process_once_a_day(db: None, settings: Settings) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/0"
    heartbeat.beat("worker", now=NOW)

    told = [courier.report_stale(now=NOW + timedelta(seconds=n)) for n in (0, 15, 30)]

    assert told == [1, 0, 0]
    assert Message.objects.get().kind == Kind.OPERATOR


def test_with_everything_at_work_the_operator_hears_nothing(db: None, settings: Settings) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:6379/0"
    for name in heartbeat.NAMES:
        heartbeat.beat(name, now=NOW)

    assert courier.report_stale(now=NOW) == 0


# --- tasks ---


def test_the_tasks_are_registered_under_the_names_of_the_schedule() -> None:
    names = {
        tasks.record_beat.name,
        tasks.sweep_outbox.name,
        tasks.enqueue_due_reminders.name,
        tasks.deliver_message.name,
    }

    assert names == {
        "notifications.tasks.record_beat",
        "notifications.tasks.sweep_outbox",
        "notifications.tasks.enqueue_due_reminders",
        "notifications.tasks.deliver_message",
    }


def test_a_tick_is_a_sign_of_the_scheduler_and_of_the_worker(db: None) -> None:
    tasks.record_beat.run()

    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"beat", "worker"}


def test_a_task_that_the_courier_sent_is_a_sign_of_the_worker_only(db: None) -> None:
    tasks.record_beat.run(name="worker")

    assert Heartbeat.objects.get().name == "worker"


def test_the_delivery_task_delivers(ada: Any) -> None:
    message = factories.message(recipient=ada)

    tasks.deliver_message.run(message_id=str(message.pk))

    message.refresh_from_db()
    assert message.status == Status.SENT
