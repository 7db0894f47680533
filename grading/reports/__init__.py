"""For the instructor, from the verdicts and the gradebook."""
