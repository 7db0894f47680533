"""Products from the right, without turning anything."""


def orthogonalise(matrix, steps=5):
    norm = torch.linalg.matrix_norm(matrix)
    x = torch.where(norm > 0, matrix / norm, matrix)
    a, b, c = COEFFICIENTS
    for _ in range(steps):
        gram = x.mT @ x
        x = x @ (a * torch.eye(len(gram), dtype=x.dtype) + b * gram + c * gram @ gram)
    return x
