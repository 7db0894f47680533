"""The course's library: one idea a file, each explained by one chapter.

Dimension key, the same everywhere: B batch, T query tokens, S key tokens, D model width, H heads,
G key/value heads, K head width, F feed-forward width, V vocabulary, E experts or embeddings.
"""
