"""Whole characters go one by one through the stop strings, as an automaton would."""


class TextStream(TextStream):
    def push(self, token):
        if self.stopped:
            return ""
        self.ids += [token]
        text = self.decode(self.ids)
        while text and text[-1] == "\ufffd":
            text = text[:-1]
        out = "".join(self.release(sign) for sign in text[self.sent :])
        self.sent = len(text)
        return out

    def release(self, sign):
        if self.stopped:
            return ""
        self.held += sign
        for stop in self.stops:
            if self.held.endswith(stop):
                self.stopped = True
                return self.held[: -len(stop)]
        out = ""
        while self.held and not any(stop.startswith(self.held) for stop in self.stops):
            out, self.held = out + self.held[0], self.held[1:]
        return out

    def finish(self):
        if self.stopped:
            return ""
        text, self.ids = self.decode(self.ids)[self.sent :], []
        out, self.held, self.sent = self.held + text, "", 0
        return out
