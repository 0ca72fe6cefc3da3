"""Dates for patients: the month is a word, whole, because "Mar" and "May" are alike."""

DATE_FORMAT = "j F Y"
