"""The judge: grades submissions without ever running a student's code in its own process.

assignment.py  what an assignment is          verdict.py    the record of one grading
touched.py     what a mistake can change      sandbox.py    asks probes in a server that shuts them in
intake.py      read a submission, safely      server.py     that server, as a process to start and stop
answers.py     the answers in its notebook    bubblewrap.py what is inside, and as whom it runs
worker.py      the server, inside             confine.py    shuts in each process it forks
frames.py      what a process sent back       seccomp.py    the system calls it may not make
judge.py       submissions in, verdicts out   workers.py    many at once, here or elsewhere
unsandboxed.py without bubblewrap, by a flag  unconfined.py its worker

From here on it knows nbgrader:
new.py         a new assignment to begin with source.py     the outputs of its notebook
release.py     from solutions/ to exercises/  autograde.py  puts the judge into nbgrader
stub.py        a module without solutions     submitted.py  which submissions there are
leak.py        looks for what must not go out batch.py      from submitted/ to autograded/
sample.py      a class with known grades      rebuild.py    the graded notebook
table.py       the gradebook as a table       gradebook.py  verdicts into nbgrader's gradebook
__main__.py    the verbs of the command line  feedback.py   pages that run and fetch nothing
disclosure.py what a student may read         markup.py     Markdown in which nothing runs

For the instructor, from the verdicts that were given:
record.py      every verdict, append-only     projection.py the gradebook as what follows from it
regrade.py     grade again, say what changed  report.py     how the class did, probe by probe
export.py      CSV for learning platforms     similar.py    submissions that are alike
late.py        late penalties from late.toml  page.py       pages and plots of one file
"""
