"""A worker in its own processes: started early, since it takes as long to load torch as the judge does.

One server serves several processes of the judge: each asks for a fork of it with a socket of its own.
"""

import os
import socket
import subprocess


class SandboxDied(RuntimeError):
    """The sandbox itself failed, which is no submission's fault."""


class Server:
    """A process that runs inside/worker.py, started by this command; judge is the socket on which it is asked."""

    def __init__(self, command: list[str]):
        self.judge, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = os.memfd_create("errors")
        with end:
            self.process = subprocess.Popen(
                command, stdin=end.fileno(), stdout=subprocess.DEVNULL, stderr=self._errors, env={}
            )

    def fork(self) -> socket.socket:
        """Return a socket on which a fork of the server is asked. Raises SandboxDied."""
        judge, end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with end:
            try:
                socket.send_fds(self.judge, [b'{"fork": true}'], [end.fileno()])
            except OSError as error:
                judge.close()
                raise SandboxDied("the server has ended") from error
        return judge

    def last_error(self) -> str:
        """Return the last line that the server wrote to stderr."""
        lines = os.pread(self._errors, 2**16, 0).decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it ended without a message"

    def stop(self) -> None:
        """End it, with all that it started; a second call does nothing."""
        if self.judge.fileno() >= 0:
            self.process.kill()
            self.process.wait()
            self.judge.close()
            os.close(self._errors)
