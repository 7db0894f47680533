"""From what a learning platform gives to submitted/: what was found for whom is said before anything changes."""
