"""The six losses of the figure are those of the library, wherever the reader moves the sliders."""

import pytest
import torch
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from lib.cross_entropy import cross_entropy
from lib.losses import bce_with_logits, nsp_loss
from tests.support.browser import DESKTOP, PHONE, Figure, drag, number, show_figure, texts

pytestmark = pytest.mark.part("chapter losses")

LOSS, GRADIENT, SHARE = 1e-4, 6e-4, 6e-4  # the page writes four, three and three decimals
TAUS = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 1.0]
EPSILONS = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5]


class SixLosses(Figure):
    """The figure as a reader works it."""

    def __init__(self, figure):
        super().__init__(figure)
        self.cases = self.data["cases"]
        self.push, self.knob = figure.find_elements(By.CSS_SELECTOR, ".six-slider input")

    def choose(self, case):
        Select(self.part("select")).select_by_index(case)

    def numbers(self, css):
        return torch.tensor(
            [number(t.removesuffix(" %")) for t in texts(self.figure, css) if t], dtype=torch.float64
        )

    def reading(self):
        """Return the loss and the sum of the gradient."""
        words = self.part(".six-reading").text
        loss, total = words.removeprefix("loss ").split(" nats · gradient sums to ")
        return float(loss), number(total)


def loss_by_lib(case, pushed, setting):
    """Return what the library says of a case: loss, probabilities and the gradient by the scores."""
    logits = torch.tensor(case["logits"], dtype=torch.float64)
    cosines = "temperature" in case
    logits[case["target"]] += pushed * (0.05 if cosines else 1)
    scores = (logits / setting if cosines else logits).requires_grad_(True)
    smoothing = 0.0 if cosines else setting
    loss = cross_entropy(scores, torch.tensor(case["target"]), label_smoothing=smoothing)
    (gradient,) = torch.autograd.grad(loss, scores)
    return loss.item(), scores.detach().softmax(dim=-1), gradient


@pytest.fixture(params=[DESKTOP, PHONE])
def six(request, browser, address):
    return SixLosses(show_figure(browser, address, "sixlosses", request.param))


def test_loss_probabilities_and_gradient_are_those_of_the_library(six):
    for index, case in enumerate(six.cases):
        six.choose(index)
        knobs = TAUS if "temperature" in case else EPSILONS if "smoothing" in case else [0]
        for pushed, at in [(0, 0), (-8, 1), (-2.5, 3), (3, 4), (8, 5)]:
            at = min(at, len(knobs) - 1)
            drag(six.push, pushed)
            drag(six.knob, at)
            loss, p, gradient = loss_by_lib(case, pushed, knobs[at])
            shown, total = six.reading()
            assert shown == pytest.approx(loss, abs=LOSS), case["name"]
            assert total == 0
            torch.testing.assert_close(six.numbers(".six-share") / 100, p, rtol=0, atol=SHARE)
            torch.testing.assert_close(six.numbers(".six-slope"), gradient, rtol=0, atol=GRADIENT)


def test_there_are_six_objectives_and_two_of_them_are_the_losses_of_two_candidates(six):
    assert len(six.cases) == 6
    assert sorted(len(case["labels"]) for case in six.cases) == [2, 2, 12, 12, 12, 12]
    following, yes_or_no = (case for case in six.cases if len(case["labels"]) == 2)
    is_next = nsp_loss(torch.tensor([following["logits"]]), torch.tensor([following["target"] == 0]))
    yes = bce_with_logits(torch.tensor(yes_or_no["logits"][:1]), torch.tensor([1.0]))
    for case, want in [(following, is_next), (yes_or_no, yes)]:
        six.choose(six.cases.index(case))
        assert six.reading()[0] == pytest.approx(want.item(), abs=LOSS)


def test_the_second_slider_is_there_for_smoothing_and_temperature_alone(six):
    for index, case in enumerate(six.cases):
        six.choose(index)
        assert six.knob.is_displayed() == ("smoothing" in case or "temperature" in case), case["name"]
        if "temperature" in case:
            assert TAUS[int(six.knob.get_property("value"))] == case["temperature"]


def test_the_arrow_keys_move_both_sliders(six):
    six.choose(next(n for n, case in enumerate(six.cases) if "smoothing" in case))
    losses = [six.reading()[0]]
    for slider in (six.push, six.knob):
        slider.send_keys(Keys.ARROW_RIGHT)
        losses.append(six.reading()[0])
    assert len(set(losses)) == 3


def test_a_finger_can_hold_the_sliders_and_all_candidates_are_on_the_screen(six):
    assert len([text for text in texts(six.figure, ".six-name") if text]) == 12
    assert six.push.rect["height"] >= 24, "WCAG 2.2, 2.5.8 wants targets of 24 by 24 pixels"
    assert six.push.rect["width"] >= 200
    assert six.figure.find_element(By.CSS_SELECTOR, ".six-bars").rect["height"] < 900
