"""What senders send to an incoming webhook, and what is said by it."""

import pytest

from chat.operations.slack.payload import body_of
from chat.protocol.errors import BadRequest


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ({"text": "**hi** _there_"}, "**hi** _there_"),
        ({"text": "see <https://example.org/1|build 1>"}, "see [build 1](<https://example.org/1>)"),
        ({"text": "*done*", "username": "ci", "icon_emoji": ":rocket:"}, "**done**"),
        ({"text": "*done*", "mrkdwn": True}, "**done**"),
        (
            {
                "attachments": [
                    {
                        "fallback": "no",
                        "pretext": "Build",
                        "title": "#12",
                        "title_link": "https://ci.example.org/12",
                        "text": "failed",
                        "fields": [{"title": "Branch", "value": "main"}],
                    }
                ]
            },
            "Build\n\n**[#12](<https://ci.example.org/12>)**\n\nfailed\n\n**Branch** main",
        ),
        ({"attachments": [{"fallback": "only this"}]}, "only this"),
        (
            {
                "text": "for notifications",
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": "Deployed"}},
                    {"type": "section", "text": {"type": "mrkdwn", "text": "by *Ada*"}},
                    {"type": "divider"},
                    {"type": "context", "elements": [{"type": "mrkdwn", "text": "v1"}, {"type": "image"}]},
                ],
            },
            "**Deployed**\n\nby **Ada**\n\n---\n\nv1",
        ),
        (
            {
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "see "},
                                    {"type": "link", "url": "https://example.org", "text": "this"},
                                ],
                            }
                        ],
                    }
                ]
            },
            "see [this](<https://example.org>)",
        ),
    ],
)
def test_what_is_said(payload, said):
    assert body_of(payload) == said


@pytest.mark.parametrize(
    "payload", [{"blocks": []}, {"attachments": [{}], "text": " "}, {"text": 7}, {"channel": "#x"}]
)
def test_nothing_to_say_names_the_field(payload):
    with pytest.raises(BadRequest) as refused:
        body_of(payload)
    assert refused.value.field == "text"


@pytest.mark.parametrize(
    "odd", [None, 7, "x", [], [7], [[]], {"type": 3}, [{"type": "section", "text": 7, "fields": "x"}]]
)
def test_odd_shapes_are_no_fault_of_the_server(odd):
    for field in ("blocks", "attachments"):
        assert body_of({"text": "said anyway", field: odd}) == "said anyway"
