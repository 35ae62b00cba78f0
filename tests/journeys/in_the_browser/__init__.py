"""Whole journeys in a real browser, in both languages, on a desk, a phone and without scripts."""
