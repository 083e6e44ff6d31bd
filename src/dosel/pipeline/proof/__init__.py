"""What an alert is made of, kept and computed again."""
