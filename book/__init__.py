"""What the book needs besides its pages: figures for its cells, directives, browser assets, and the build."""
