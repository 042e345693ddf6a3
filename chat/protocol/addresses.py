"""Ids in the addresses of pages and of the API."""

from chat.protocol.values import parse_id


class IdConverter:
    """A wire id. An address with anything else is none of ours: 404, like that of a row that is not there."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = parse_id(value)
        if number is None:
            raise ValueError(value)
        return number

    def to_url(self, value: object) -> str:
        return str(value)
