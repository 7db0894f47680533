"""Every mask written out for each row and query, by triangles and loops."""


def _mask(lengths, B, T, S, causal):
    mask = torch.ones(B, 1, T, S, dtype=torch.bool)
    for row in range(B):
        if lengths is not None:
            mask[row, :, :, lengths[row] :] = False
    return torch.tril(mask) if causal else mask


def _gpt(self, tokens, lengths=None):
    B, T = tokens.shape
    hidden = self.encoder(self.embed(tokens), _mask(lengths, B, T, T, True))
    return self.head(hidden)


def _vectors(self, tokens, lengths=None, segments=None):
    B, T = tokens.shape
    segments = tokens * 0 if segments is None else segments
    rows = torch.stack([self.embed(tokens), self.segments(segments)]).sum(0)
    return self.encoder(self.norm(rows), _mask(lengths, B, T, T, False))


def _encode(self, source, lengths):
    B, S = source.shape
    return self.encoder(self.source(source), _mask(lengths, B, S, S, False))


def _decode(self, target, memory, lengths):
    B, T = target.shape
    masks = _mask(None, B, T, T, True), _mask(lengths, B, T, memory.shape[1], False)
    return self.head(self.decoder(self.target(target), memory, *masks))


GPT.forward, BERT.encode = _gpt, _vectors
EncoderDecoder.encode, EncoderDecoder.decode = _encode, _decode
