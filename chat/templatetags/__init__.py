"""What templates of the chat may say beside Django's own."""
