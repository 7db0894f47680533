"""Each rule of the chapter on data speaks where it should and nowhere else."""

import pytest

from book.cells.filters import KINDS, complaints, planted

pytestmark = pytest.mark.part("chapter data")

GOOD = "\n".join(f"The {n} houses of the town have a garden and a door that is green." for n in range(8))
BAD = {
    "not 50 to 100,000 words": "The houses of the town have a garden and a door.",
    "words not 3 to 10 long": "\n".join(f"the and a b c d e f g h {n}." for n in range(8)),
    "many # and …": GOOD.replace("houses", "houses…").replace("garden", "garden..."),
    "words without letters": "\n".join(f"The {n} and {n} and {n}{n} and {n + 1}." for n in range(1000, 1008)),
    "under 2 stop words": "\n".join(
        f"Houses number {n} by our river were painted green last spring." for n in range(8)
    ),
    "repeated lines": GOOD.splitlines()[0] + "\n" + "\n".join(GOOD.splitlines()[:1] * 7),
    "lines without full stop": GOOD.replace(".", ""),
}


def test_good_text_has_no_complaint():
    assert not any(complaints(GOOD).values())


@pytest.mark.parametrize("rule", BAD)
def test_a_rule_complains_of_its_own_fault_alone(rule):
    assert [name for name, out in complaints(BAD[rule]).items() if out] == [rule]


def test_there_is_a_fault_for_each_rule():
    assert list(BAD) == list(complaints(GOOD))


def test_planted_pages_are_decided_by_the_seed_and_all_differ():
    pages = planted(seed=3, each=10)
    assert pages == planted(seed=3, each=10) != planted(seed=4, each=10)
    assert list(pages) == list(KINDS)
    assert all(len(set(some)) == 10 for some in pages.values())


def test_of_the_planted_pages_only_advertisements_pass():
    for seed in range(5):
        for name, pages in planted(seed, each=20).items():
            passed = [not any(complaints(page).values()) for page in pages]
            assert passed == [name == "advertisements"] * 20, (seed, name)
