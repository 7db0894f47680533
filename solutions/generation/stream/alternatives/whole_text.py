"""All tokens are decoded each time, and a count says how much of the text has left."""


class TextStream(TextStream):
    def push(self, token):
        if self.stopped:
            return ""
        self.ids.append(token)
        return self._send(self.decode(self.ids).rstrip("\ufffd"), last=False)

    def finish(self):
        return "" if self.stopped else self._send(self.decode(self.ids), last=True)

    def _send(self, text, last):
        end = len(text)
        for stop in self.stops:
            if stop in text:
                end, self.stopped = min(end, text.find(stop)), True
        if not self.stopped and not last:
            starts = [i for i in range(len(text)) if any(stop.startswith(text[i:]) for stop in self.stops)]
            end = min([end, *starts])
        new = text[self.sent : end]
        self.sent = max(self.sent, end)
        return new
