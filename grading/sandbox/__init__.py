"""Where a submission runs: a server in bubblewrap that forks one process for each, asked over a socket."""
