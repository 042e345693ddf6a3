"""What comes from Slack: its way of writing, and the shape of what is sent to its webhooks."""
