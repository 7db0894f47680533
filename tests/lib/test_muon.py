"""Orthogonalising against the polynomial of the singular values, Muon against torch.optim.Muon."""

import pytest
import torch

from lib.muon import COEFFICIENTS, Muon, orthogonalise


@pytest.mark.parametrize("shape", [(3, 7), (7, 3), (4, 4), (1, 5)])
def test_orthogonalising_moves_singular_values_by_its_polynomial_and_keeps_the_vectors(shape):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    u, s, vh = torch.linalg.svd(matrix, full_matrices=False)
    s = s / matrix.norm()
    a, b, c = COEFFICIENTS
    for _ in range(5):
        s = a * s + b * s**3 + c * s**5
    torch.testing.assert_close(orthogonalise(matrix), u @ torch.diag(s) @ vh, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(orthogonalise(1e-3 * matrix), orthogonalise(matrix), rtol=1e-9, atol=1e-9)


def test_zeros_stay_zeros():
    assert not orthogonalise(torch.zeros(2, 3)).any()


def test_muon_is_torchs_up_to_its_bfloat16():
    torch.manual_seed(0)
    p = torch.randn(6, 4).requires_grad_()
    q, start = p.detach().clone().requires_grad_(), p.detach().clone()
    mine = Muon([p], lr=0.02)
    yours = torch.optim.Muon([q], lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for _ in range(20):
        p.grad = torch.randn(6, 4)
        q.grad = p.grad.clone()
        mine.step()
        yours.step()
    assert (p - q).norm() < 0.02 * (q - start).norm()
