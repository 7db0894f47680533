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
    """An activation comes after the way down. It belongs between the two layers, on the F features; what leaves the
    network is bent no more.""",
    replace(FEED, FORWARD, f"{BENT}(self.down(self.up(x)))"),
)
activation_twice = also(activation_last, replace(FEED, FORWARD, f"{BENT}({FORWARD})"))

always_gelu = mistake(
    """Your FeedForward bends by GELU whatever was asked for. self.activation names the function, and ACTIVATIONS has
    it.""",
    replace(FEED, BENT, "F.gelu"),
)

always_relu = mistake(
    """Your FeedForward bends by ReLU whatever was asked for. self.activation names the function, and ACTIVATIONS has it
    under that name.""",
    replace(FEED, BENT, "F.relu"),
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

gate_and_up_exchanged = mistake(
    """You bend up and multiply it by the gate. SiLU bends the gate; up is what passes through it, as it is.""",
    replace(GLU, GATED, "self.gate(x) * F.silu(self.up(x))"),
)

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
residual_inside_swiglu = also(residual_inside, replace(GLU, "return self.down(", "return x + self.down("))
