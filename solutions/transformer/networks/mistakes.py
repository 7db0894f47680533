"""What students get wrong in FeedForward.forward and SwiGLU.forward."""

from check import also, mistake, replace

FEED, GLU = "FeedForward.forward", "SwiGLU.forward"
FORWARD, BENT = "self.down(ACTIVATIONS[self.activation](self.up(x)))", "ACTIVATIONS[self.activation]"
GATED = "F.silu(self.gate(x)) * self.up(x)"

no_activation = mistake(
    """Your FeedForward bends nothing: two linear layers one after the other are one linear layer. The activation stands
    between them.""",
    replace(FEED, f"{BENT}(self.up(x))", "self.up(x)"),
)

activation_last = mistake(
    """The activation does not stand between the two layers, or not there alone. It bends the F features, once: neither what
    comes into the network nor what leaves it.""",
    replace(FEED, FORWARD, f"{BENT}(self.down(self.up(x)))"),
)
activation_twice = also(activation_last, replace(FEED, FORWARD, f"{BENT}({FORWARD})"))

activation_first = also(activation_last, replace(FEED, FORWARD, f"self.down(self.up({BENT}(x)))"))

always_relu = mistake(
    """Your FeedForward bends by one function whatever was asked for. self.activation names the function, and ACTIVATIONS has
    it under that name.""",
    replace(FEED, BENT, "F.relu"),
)
always_gelu = also(always_relu, replace(FEED, BENT, "F.gelu"))
always_gelu_by_tanh = also(always_relu, replace(FEED, BENT, 'ACTIVATIONS["gelu_tanh"]'))
always_relu_squared = also(always_relu, replace(FEED, f"{BENT}(self.up(x))", "F.relu(self.up(x)).square()"))
always_by_a_sigmoid = also(
    always_relu, replace(FEED, f"{BENT}(self.up(x))", "self.up(x) * torch.sigmoid(1.702 * self.up(x))")
)

tanh_for_gelu = mistake(
    """You take the formula with tanh for "gelu". It is GPT-2's, differs from the exact one by up to 0.0005, and has the
    name "gelu_tanh".""",
    replace(
        FEED, BENT, 'ACTIVATIONS[self.activation.replace("gelu", "gelu_tanh").replace("_tanh_tanh", "_tanh")]'
    ),
)

exact_for_tanh = mistake(
    """You take the exact GELU for "gelu_tanh", which is GPT-2's formula and differs by up to 0.0005. ACTIVATIONS has both,
    under their names.""",
    replace(FEED, BENT, 'ACTIVATIONS[self.activation.replace("_tanh", "")]'),
)

gelu_by_a_sigmoid = mistake(
    """You take x · sigmoid(1.702 · x) for a GELU. It is near both that are asked for and neither of them: ACTIVATIONS has
    those.""",
    replace(
        FEED,
        "return",
        "if self.activation == 'relu':\n            return self.down(F.relu(self.up(x)))\n        return",
    ),
    replace(FEED, f"{BENT}(self.up(x))", "self.up(x) * torch.sigmoid(1.702 * self.up(x))"),
)

names_of_torch = mistake(
    """You look for the activation among torch's functions. Not every name is one of theirs: ACTIVATIONS has the function
    for each.""",
    replace(FEED, BENT, "getattr(F, self.activation)"),
)

biases_unused = mistake(
    """You multiply by the matrices and leave out the biases. A linear layer is called: self.up(x) does both, and nothing more
    where it has no bias.""",
    replace(
        GLU,
        f"self.down({GATED})",
        "(F.silu(x @ self.gate.weight.T) * (x @ self.up.weight.T)) @ self.down.weight.T",
    ),
)
biases_taken_for_granted = mistake(
    """You add a bias where there is none: a layer made with bias=False has None there. self.up(x) and self.down(…) know
    that.""",
    replace(FEED, "self.up(x)", "x @ self.up.weight.T + self.up.bias"),
)

gate_and_up_exchanged = mistake(
    """SiLU stands elsewhere than on the gate alone. It bends gate(x) and nothing else; up(x) passes through by
    multiplication, as it is.""",
    replace(GLU, GATED, "self.gate(x) * F.silu(self.up(x))"),
)
both_bent = also(gate_and_up_exchanged, replace(GLU, "self.up(x)", "F.silu(self.up(x))"))
product_bent = also(gate_and_up_exchanged, replace(GLU, GATED, "F.silu(self.gate(x) * self.up(x))"))

gate_not_bent = mistake(
    """Your gate is not bent: gate(x) times up(x) is another network. SiLU of the gate is asked for.""",
    replace(GLU, "F.silu(self.gate(x))", "self.gate(x)"),
)

another_gate = mistake(
    """You bend the gate by another function. SwiGLU takes SiLU, x times its sigmoid; with GELU it is GeGLU, with ReLU
    ReGLU.""",
    replace(GLU, "F.silu(", "F.gelu("),
)
relu_gate = also(another_gate, replace(GLU, "F.silu(", "F.relu("))

sigmoid_gate = mistake(
    """You take the sigmoid of the gate. That is GLU of 2017; SiLU is the gate times its sigmoid.""",
    replace(GLU, "F.silu(", "torch.sigmoid("),
)

gate_added = mistake(
    """You add the gate to up. A gate multiplies: where it is 0, nothing passes.""",
    replace(GLU, GATED, "F.silu(self.gate(x)) + self.up(x)"),
)

residual_inside = mistake(
    """You add x to what comes out. That is the block's work: a network that did it, too, would count x twice.""",
    replace(FEED, FORWARD, f"x + {FORWARD}"),
)
