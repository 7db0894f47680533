"""Feedback pages without scripts and without the network."""
def safe_markdown(x): return x
