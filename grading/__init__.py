"""The judge: grades submissions without ever running a student's code in its own process.

assignment.py  what an assignment is          release.py    from solutions/ to exercises/
intake.py      read a submission, safely      sandbox.py    a process in bubblewrap that runs probes
worker.py      what runs inside the sandbox   judge.py      submissions in, verdicts out
verdict.py     the record of one grading      gradebook.py  verdicts into nbgrader
"""
