"""Shapes in signatures: `Float[Tensor, "B T D"]` is a tensor of floats with three axes.

jaxtyping gives these names their meaning, and the tests check them. Without it they say the same to a reader.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int
else:
    try:
        from jaxtyping import Bool, Float, Int
    except ImportError:

        class Float:
            """Stands in for jaxtyping's: the shape is for the reader alone."""

            def __class_getitem__(cls, item):
                return item[0]

        Bool = Int = Float

__all__ = ["Bool", "Float", "Int"]
