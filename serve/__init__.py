"""A chat server for one language model, which OpenAI's clients and a page in the browser can talk to: `python -m serve`.

settings    what a request may ask for and how long it may take
requests    what a client may send, checked
replies     what it gets back: whole, as a stream of events, or as an error
errors      whatever goes wrong, as such an error
body_limit  a body that is too long or does not come
worker      the thread in which the model runs, and the jobs that it does
app         the addresses
server      a server that starts, says where it is, and stops without breaking off an answer
served      a model with its tokenizer and its way to write a dialogue down

Left out on purpose: keys and accounts, several models, more than one process, tools, pictures, encryption (put a proxy in
front). It listens to its own machine alone unless it is told otherwise.
"""

from serve.served import ServedModel, smollm2
from serve.server import serving
from serve.settings import Settings

__all__ = ["ServedModel", "Settings", "serving", "smollm2"]
