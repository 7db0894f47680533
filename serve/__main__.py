"""`python -m serve` answers at http://127.0.0.1:8001 until it is told to stop."""

import argparse
from dataclasses import fields

from serve.served import smollm2
from serve.server import Server, address_of, listening
from serve.settings import Settings


def parsed(words: list[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m serve", description=__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="127.0.0.1 can be reached from this machine alone"
    )
    parser.add_argument("--port", type=int, default=8001, help="0 takes any that is free")
    for one in fields(Settings):
        flag = f"--{one.name.replace('_', '-')}"
        meaning = f"{one.metadata['help']} ({one.default})"
        parser.add_argument(flag, type=type(one.default), default=one.default, help=meaning)
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> None:
    """Listen, load the model, serve."""
    asked = parsed(words)
    try:
        settings = Settings(**{one.name: getattr(asked, one.name) for one in fields(Settings)})
        with listening(asked.host, asked.port) as listener:
            server, address = Server(smollm2(), settings, log=True), address_of(listener)
            print(f"The chat page is {address}, and clients use {address}/v1; Ctrl+C ends it", flush=True)
            server.run([listener])
    except (OSError, ValueError) as error:
        raise SystemExit(f"The server cannot start: {error}") from None


if __name__ == "__main__":
    main()
