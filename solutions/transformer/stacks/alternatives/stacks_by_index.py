"""Positions looked up by number, blocks by index, arguments by name."""


class TokenEmbedding(TokenEmbedding):
    def forward(self, tokens):
        self._check(tokens)
        T, D = tokens.shape[1], self.table.weight.shape[1]
        rows = self.table.weight[tokens]
        if self.kind == "learned":
            return rows + self.places.table.weight[:T]
        if self.kind == "sinusoidal":
            return rows * D**0.5 + sinusoidal(T, D).to(rows.dtype)
        return rows


class Encoder(Encoder):
    def forward(self, x, mask=None, positions=None):
        for number in range(len(self.blocks)):
            x = self.blocks[number](x, mask=mask, positions=positions)
        return self.norm(x)


class Decoder(Decoder):
    def forward(self, x, context, mask=None, context_mask=None):
        for number in range(len(self.blocks)):
            x = self.blocks[number](x, context=context, mask=mask, context_mask=context_mask)
        return self.norm(x)
