"""selfcare: a diary and exercise programme for people with buttock pain, sciatica and low back pain."""

from selfcare.celery import app as celery_app

__all__ = ["celery_app"]
