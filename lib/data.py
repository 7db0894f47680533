"""Data, from a folder of text to batches: each step is in a file of its own, and all are found here.

cleaning (one form, copies), minhash (near copies), splits (parts that share nothing), agreement (what raters'
labels are worth), augmentation (more text from text), packing (ids to batches).
"""

from lib.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha
from lib.augmentation import delete_words, swap_words
from lib.cleaning import groups_of_copies, normalise
from lib.minhash import candidates, components, hash_text, jaccard, shingles, signature
from lib.packing import batch_indices, collate, pack
from lib.splits import contaminated, split_by_group, words_of

__all__ = [
    "batch_indices",
    "candidates",
    "cohen_kappa",
    "collate",
    "components",
    "contaminated",
    "delete_words",
    "fleiss_kappa",
    "groups_of_copies",
    "hash_text",
    "jaccard",
    "krippendorff_alpha",
    "normalise",
    "pack",
    "shingles",
    "signature",
    "split_by_group",
    "swap_words",
    "words_of",
]
