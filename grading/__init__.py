"""The judge: grades submissions without ever running a student's code in its own process.

reports  ->  bridge  ->  judge  ->  sandbox, release, key, record  ->  verdict, assignment

Each folder says in its __init__.py what it is for, and imports only what stands to the right of it.
"""
