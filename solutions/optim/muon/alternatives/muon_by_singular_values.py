"""The polynomial on the singular values alone, between the singular vectors."""


def orthogonalise(matrix, steps=5):
    u, s, vh = torch.linalg.svd(matrix, full_matrices=False)
    length = s.square().sum().sqrt()
    s = s / length if length > 0 else s
    a, b, c = COEFFICIENTS
    for _ in range(steps):
        s = s * (a + s**2 * (b + c * s**2))
    return (u * s) @ vh
