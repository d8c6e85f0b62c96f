"""A refusal of the child: a code; the parent has the sentence."""


class Refused(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
