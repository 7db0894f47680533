"""From solutions/ to exercises/, and a sample class to try grading out."""
