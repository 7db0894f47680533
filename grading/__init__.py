"""The judge: grades submissions without ever running a student's code in its own process.

commands  ->  reports  ->  bridge  ->  judge  ->  release  ->  sandbox, key, record  ->  verdict, assignment  ->  errors

Each part imports only what stands to the right of it, as a contract in pyproject.toml says and a test holds. What each
folder is for says its __init__.py.
"""
