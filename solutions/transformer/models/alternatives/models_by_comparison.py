"""Masks made by comparing positions; heads by F.linear; a GPT goes through its blocks by itself."""


def _causal(tokens):
    places = torch.arange(tokens.shape[1], device=tokens.device)
    return places[None, :] <= places[:, None]


def _real(lengths, T):
    return (torch.arange(T, device=lengths.device)[None] < lengths[:, None])[:, None, None]


class GPT(GPT):
    def forward(self, tokens, lengths=None):
        lengths = torch.full(tokens.shape[:1], tokens.shape[1]) if lengths is None else lengths
        x, mask = self.embed(tokens), _causal(tokens) & _real(lengths, tokens.shape[1])
        for block in self.encoder.blocks:
            x = block(x, mask)
        return F.linear(self.encoder.norm(x), self.head.weight)


class BERT(BERT):
    def encode(self, tokens, lengths=None, segments=None):
        x = self.embed(tokens)
        x = x + (self.segments.weight[0] if segments is None else self.segments(segments))
        lengths = torch.full(tokens.shape[:1], tokens.shape[1]) if lengths is None else lengths
        return self.encoder(self.norm(x), mask=_real(lengths, tokens.shape[1]))

    def forward(self, tokens, lengths=None, segments=None):
        x = self.dense(self.encode(tokens, lengths=lengths, segments=segments))
        x = self.head_norm(nn.GELU()(x))
        return F.linear(x, self.head.weight) + self.head.bias


class EncoderDecoder(EncoderDecoder):
    def encode(self, source, lengths):
        return self.encoder(self.source(source), mask=_real(lengths, source.shape[1]))

    def decode(self, target, memory, lengths):
        real = _real(lengths, memory.shape[1])
        x = self.decoder(self.target(target), memory, mask=_causal(target), context_mask=real)
        return x @ self.head.weight.T
