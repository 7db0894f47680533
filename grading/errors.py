"""What a user can mend. The command line catches these, prints the sentence, and lets every other error be seen."""


class CourseError(Exception):
    """Something in the course or in what was handed in is not as it must be; the message says what to do."""
