"""The judge: grades submissions without ever running a student's code in its own process.

assignment.py  what an assignment is          release.py    from solutions/ to exercises/
intake.py      read a submission, safely      sandbox.py    a server in bubblewrap that runs probes
answers.py     the answers in its notebook    bubblewrap.py what is inside, and as whom it runs
worker.py      the server, inside             confine.py    shuts in each process it forks
frames.py      what a process sent back       seccomp.py    the system calls it may not make
judge.py       submissions in, verdicts out   verdict.py    the record of one grading
gradebook.py   verdicts into nbgrader
"""
