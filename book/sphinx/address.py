"""What only a published book needs: a map for search engines, previews where it is shared, a page for dead addresses.

All three hold the book's address, so they are made when the environment names it: BOOK_URL=https://example.org/llm/
"""

import os
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.config import Config

EXTENSIONS = ["sphinx_sitemap", "sphinxext.opengraph", "notfound.extension"]


def set_address(app: Sphinx, config: Config) -> None:
    url = os.environ["BOOK_URL"].rstrip("/") + "/"
    config.html_baseurl = config.ogp_site_url = url
    config.ogp_site_name = config.project
    config.ogp_social_cards = {"enable": False}
    config.sitemap_url_scheme = "{link}"
    config.notfound_urls_prefix = urlsplit(url).path


def setup(app: Sphinx) -> None:
    if os.environ.get("BOOK_URL"):
        app.connect("config-inited", set_address, priority=1)  # before the extensions read it
        for extension in EXTENSIONS:
            app.setup_extension(extension)
