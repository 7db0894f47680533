"""What a user can mend. The command line catches these, prints the sentence, and lets every other error be seen."""


class CourseError(Exception):
    """Something in the course or in what was handed in is not as it must be; the message says what to do."""


class SandboxUnavailable(CourseError):
    """This machine cannot shut a submission in."""


class NotReleased(CourseError):
    """There is no release of the assignment to grade against."""


class RecordAltered(CourseError):
    """A line of the record of verdicts is not as it was written."""


class OtherCourse(CourseError):
    """A machine that helps with a batch has other probes, another reference or another judge."""


class Unreadable(CourseError):
    """What was handed in cannot be read on this machine, which says nothing about the work."""
