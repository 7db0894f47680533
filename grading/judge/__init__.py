"""Submissions in, verdicts out. No student's code runs here, and nothing that comes back is believed."""
